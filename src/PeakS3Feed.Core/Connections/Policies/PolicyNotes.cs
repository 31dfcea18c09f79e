namespace PeakS3Feed.Connections.Policies;

/// <summary>Notes on what a policy cannot say by itself.</summary>
internal static class PolicyNotes
{
    private const char MaxIamCharacter = '\u00FF';

    /// <summary>The note that the role of a connection needs a further policy.</summary>
    public const string AlsoSource = "Feeds also read through the connection, so its role needs both policies: this one and the one for Source.";

    /// <summary>The note on the statement for the policy of a bucket.</summary>
    public const string BucketPolicy
        = "A bucket has one policy: add the statement to those that it has. The forms CloudFormation and Terraform leave the statement out, because "
            + "they would replace the bucket's policy.";

    /// <summary>The notes on the documents of a queue.</summary>
    public static IReadOnlyList<string> ForQueue { get; } =
    [
        "The account in aws:SourceAccount is that of the queue. If the bucket belongs to another account, write that one.",
        "A bucket has one notification configuration: add the queue to it. The forms CloudFormation and Terraform leave it out, because they would "
            + "replace the bucket's configuration.",
        "If the queue is encrypted with a KMS key, the key's policy must allow s3.amazonaws.com kms:GenerateDataKey and kms:Decrypt, and the identity "
            + "kms:Decrypt.",
    ];

    /// <summary>Returns the notes on the prefix of a bucket.</summary>
    public static IEnumerable<string> ForPrefix(string prefix)
    {
        if (prefix.Any(c => c > MaxIamCharacter))
            yield return "IAM accepts some characters of the root path only as escapes. The forms Json and AwsCli preserve them; CloudFormation and "
                + "Terraform may not.";
        if (prefix.Contains("{{resolve:", StringComparison.Ordinal))
            yield return "CloudFormation would replace a part of the root path as a dynamic reference: use another form.";
    }

    /// <summary>Returns the notes on connections of feeds whose objects a warehouse may load itself.</summary>
    public static IEnumerable<string> ForSources(IReadOnlyList<S3Connection> sources)
    {
        if (sources.Count == 0)
            yield break;
        var names = string.Join(", ", sources.Select(c => c.Name));
        yield return $"The role also reads the objects of {names}, because the warehouse may load feeds from there itself. To leave that out, set "
            + "LoadPath of the destination to Staged.";
        foreach (var keyed in sources.Where(c => c.KmsKeyArn is not null))
            yield return $"The policy of the KMS key {keyed.KmsKeyArn} of {keyed.Name} must also allow the role kms:Decrypt.";
        foreach (var note in sources.SelectMany(c => ForPrefix(c.RootPrefix)).Distinct(StringComparer.Ordinal))
            yield return note;
    }

    /// <summary>Returns the note on a KMS key whose policy cannot name the role yet.</summary>
    /// <param name="definition">The kind of definition that will name the role: <c>connection</c>.</param>
    public static string KeyNeedsRole(string definition)
        => "The policy of the KMS key must also allow the role. The statement for it becomes part of this policy once the "
            + $"{definition} names its role.";
}
