using PeakS3Feed.Remedies;
using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <content>Listed objects that cannot be read.</content>
internal static partial class AccessDiagnosis
{
    private static Explanation ExplainRead(AccessAttempt attempt, ServiceFailure failure)
    {
        var connection = attempt.Connection;
        return failure switch
        {
            { Code: "InvalidObjectState" } => new(
                "ObjectArchived", InvalidOperation, $"{attempt.Target} is archived.",
                "The object's storage class is at fault: restore the object from the archive, or let feeds exclude it."),
            { IsAboutKms: true } => ExplainKms(attempt, failure),
            { RequiresKey: true } => new(
                "ObjectAccessDenied", PermissionDenied, $"{attempt.Target} is encrypted with a key that only its writer has (SSE-C).",
                "The object's encryption is at fault: let its writer use SSE-S3 or SSE-KMS, or let feeds exclude it."),
            { IsDenial: true } or { Status: 404, Code: not "NoSuchBucket" } => new(
                "ObjectAccessDenied", PermissionDenied, $"Reading {attempt.Target} is denied.",
                PolicyFix.Suggest(
                    failure, attempt,
                    $"s3:GetObject on arn:{AwsPartition.From(connection.Region).Name}:s3:::{connection.BucketName}/{connection.RootPrefix}*",
                    "the ACL of an object that another account wrote may deny it, unless the bucket's object ownership is \"bucket owner enforced\""),
                attempt.ShowPolicy),
            _ => ExplainBucket(attempt, failure),
        };
    }

    private static Explanation ExplainKms(AccessAttempt attempt, ServiceFailure failure)
    {
        var denial = Denial.Parse(failure.Message);
        var key = denial?.Resource is { } resource && ArnRules.IsKmsKey(resource) ? resource : null;
        var (hint, remedies) = failure.Code switch
        {
            { } code when code.EndsWith("DisabledException", StringComparison.Ordinal)
                => ("The KMS key is at fault: it is disabled. Its owner can enable it.", []),
            { } code when code.EndsWith("InvalidStateException", StringComparison.Ordinal) => (
                "The KMS key is at fault: its state does not allow its use, for example while its deletion is pending. Its owner can cancel the "
                + "deletion and enable it.", []),
            { } code when code.EndsWith("NotFoundException", StringComparison.Ordinal)
                => ($"The KMS key is at fault: it no longer exists, so nothing can {attempt.KmsVerb} the object.", []),
            _ => ExplainKmsDenial(attempt, denial, key),
        };
        return new("ObjectAccessDenied", PermissionDenied,
            $"KMS does not {attempt.KmsVerb} {attempt.Target}{(GetReason(failure) is { } words ? $": {words}" : ".")}", hint, remedies);
    }

    private static (string Hint, IReadOnlyList<Remedy> Remedies) ExplainKmsDenial(AccessAttempt attempt, Denial? denial, string? key)
    {
        IReadOnlyList<Remedy> remedies = key is not null && attempt.Connection.KmsKeyArn is null
            ? [Remedy.SetConnection(attempt.Connection.Name, "KmsKeyArn", key), .. attempt.ShowPolicy]
            : attempt.ShowPolicy;
        const string ManagedKey =
            "The AWS-managed key aws/s3 cannot be used from another account: such objects must be encrypted with a customer-managed key.";
        return denial is { Layer: not (PolicyLayer.Unknown or PolicyLayer.Resource) }
            ? (PolicyFix.ForLayer(denial, attempt, $"{attempt.KmsActions} on the key"), remedies)
            : ($"The policy of the KMS key or that of {attempt.Principal} is at fault: both must allow {attempt.KmsActions}, and the key "
                + "must be in the "
                + $"bucket's region. {ManagedKey}", remedies);
    }

    // For a denial, the hint gives the reason. For other failures, the message of KMS does.
    private static string? GetReason(ServiceFailure failure) => failure.IsDenial ? null : failure.Message.TrimEnd('.') + ".";
}
