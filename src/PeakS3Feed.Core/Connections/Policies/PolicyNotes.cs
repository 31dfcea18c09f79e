namespace PeakS3Feed.Connections.Policies;

/// <summary>Notes on what a policy cannot say by itself.</summary>
internal static class PolicyNotes
{
    private const char MaxIamCharacter = '\u00FF';

    /// <summary>Returns the notes on the prefix of a bucket.</summary>
    public static IEnumerable<string> ForPrefix(string prefix)
    {
        if (prefix.Any(c => c > MaxIamCharacter))
            yield return "IAM accepts some characters of the root path only as escapes. The forms Json and AwsCli preserve them; CloudFormation and "
                + "Terraform may not.";
        if (prefix.Contains("{{resolve:", StringComparison.Ordinal))
            yield return "CloudFormation would replace a part of the root path as a dynamic reference: use another form.";
    }

    /// <summary>Returns the note on a KMS key whose policy cannot name the role yet.</summary>
    /// <param name="definition">The kind of definition that will name the role: <c>connection</c>.</param>
    public static string KeyNeedsRole(string definition)
        => "The policy of the KMS key must also allow the role. The statement for it becomes part of this policy once the "
            + $"{definition} names its role.";
}
