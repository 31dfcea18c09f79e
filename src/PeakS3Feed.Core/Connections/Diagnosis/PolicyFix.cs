namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>Names the policy at fault, and what has to change in it.</summary>
internal static class PolicyFix
{
    /// <summary>The mend of a denial by S3.</summary>
    /// <param name="failure">What S3 said.</param>
    /// <param name="attempt">What was tried.</param>
    /// <param name="need">What has to be allowed, on what.</param>
    /// <param name="likely">What it is most often where S3 does not say, or null.</param>
    public static string Of(ServiceFailure failure, AccessAttempt attempt, string need, string? likely)
    {
        if (Denial.Of(failure.Message) is { Layer: not PolicyLayer.Unknown } denial)
            return Named(denial, attempt, need);
        if (attempt.Connection.Anonymous)
            return $"The bucket's policy is at fault: it must allow everyone {need}, and Block Public Access must let it. A bucket that is not public needs a role or a profile.";
        return $"S3 does not say which policy is at fault. That of {attempt.Holder} must allow {need}{(likely is null ? "" : $"; {likely}")}. "
            + $"The bucket's policy, that of a VPC endpoint or the organization's may deny it, too{(attempt.Connection.RequesterPays ? "" : "; and a bucket whose reader pays wants requesterPays")}.";
    }

    /// <summary>The mend where the service named the kind of policy.</summary>
    public static string Named(Denial denial, AccessAttempt attempt, string need)
    {
        var (policy, arn) = (Name(denial, attempt), denial.PolicyArn is { } found ? $" ({found})" : "");
        return denial.IsExplicit
            ? $"{policy}{arn} is at fault: it has a Deny for {denial.Action}, which no Allow outweighs. Take {denial.Principal} out of it."
            : $"{policy}{arn} is at fault: it does not allow {denial.Action}. Add {need}.";
    }

    private static string Name(Denial denial, AccessAttempt attempt) => denial.Layer switch
    {
        PolicyLayer.Identity => attempt.IsByBase ? $"The permission policy of {denial.Principal}" : $"The permission policy of the role {attempt.Connection.RoleArn}",
        PolicyLayer.Trust => "The role's trust policy",
        PolicyLayer.Resource when denial.Action.StartsWith("sts:", StringComparison.Ordinal) => "The role's trust policy",
        PolicyLayer.Resource when denial.Action.StartsWith("kms:", StringComparison.Ordinal) => "The KMS key's policy",
        PolicyLayer.Resource => $"The bucket policy of {attempt.Connection.BucketName}",
        PolicyLayer.ServiceControl => $"A service control policy of the organization that {denial.Principal} belongs to",
        PolicyLayer.ResourceControl => "A resource control policy of the organization that the bucket or key belongs to",
        PolicyLayer.Boundary => $"The permissions boundary of {denial.Principal}",
        PolicyLayer.Session => $"The session policy of {denial.Principal}",
        _ => "The policy of the VPC endpoint on the way",
    };
}
