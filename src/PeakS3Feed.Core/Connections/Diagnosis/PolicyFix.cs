namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>Names the policy at fault, and how to fix it.</summary>
internal static class PolicyFix
{
    /// <summary>Returns the fix of a denial by S3.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="attempt">The step that failed.</param>
    /// <param name="need">The required permission and its resource.</param>
    /// <param name="likely">The most frequent cause, for a denial without details, or null.</param>
    public static string Suggest(ServiceFailure failure, AccessAttempt attempt, string need, string? likely)
    {
        if (Denial.Parse(failure.Message) is { Layer: not PolicyLayer.Unknown } denial)
            return ForLayer(denial, attempt, need);
        if (attempt.Connection.Anonymous)
            return $"The bucket's policy is at fault: it must allow everyone {need}, and Block Public Access must permit this. A bucket that is "
                + "not public needs a role or a profile.";
        var payer = attempt.Connection.RequesterPays ? "" : "; and a requester-pays bucket needs requesterPays";
        return $"S3 does not name the policy at fault. The policy of {attempt.Principal} must allow {need}{(likely is null ? "" : $"; {likely}")}. "
            + $"A policy of the bucket, of a VPC endpoint or of the organization may also deny it{payer}.";
    }

    /// <summary>Returns the fix of a denial that names the kind of policy.</summary>
    public static string ForLayer(Denial denial, AccessAttempt attempt, string need)
    {
        var (policy, arn) = (PolicyName(denial, attempt), denial.PolicyArn is { } found ? $" ({found})" : "");
        return denial.IsExplicit
            ? $"{policy}{arn} is at fault: it has a Deny for {denial.Action}, which overrides every Allow. Exclude {denial.Principal} from it."
            : $"{policy}{arn} is at fault: it does not allow {denial.Action}. Add {need}.";
    }

    private static string PolicyName(Denial denial, AccessAttempt attempt) => denial.Layer switch
    {
        PolicyLayer.Identity => attempt.IsByBase
            ? $"The permission policy of {denial.Principal}"
            : $"The permission policy of the role {attempt.Connection.RoleArn}",
        PolicyLayer.Trust => "The role's trust policy",
        PolicyLayer.Resource when denial.Action.StartsWith("sts:", StringComparison.Ordinal) => "The role's trust policy",
        PolicyLayer.Resource when denial.Action.StartsWith("kms:", StringComparison.Ordinal) => "The KMS key's policy",
        PolicyLayer.Resource => $"The bucket policy of {attempt.Connection.BucketName}",
        PolicyLayer.ServiceControl => $"A service control policy of the organization that {denial.Principal} belongs to",
        PolicyLayer.ResourceControl => "A resource control policy of the organization that the bucket or key belongs to",
        PolicyLayer.Boundary => $"The permissions boundary of {denial.Principal}",
        PolicyLayer.Session => $"The session policy of {denial.Principal}",
        _ => "The policy of the VPC endpoint",
    };
}
