using PeakS3Feed.Remedies;
using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <content>An object that is listed cannot be read.</content>
internal static partial class AccessDiagnosis
{
    private static Explanation ExplainRead(AccessAttempt attempt, ServiceFailure failure)
    {
        var connection = attempt.Connection;
        return failure switch
        {
            { Code: "InvalidObjectState" } => new(
                "ObjectArchived", InvalidOperation, $"{attempt.Target} is in an archive.",
                "The object's storage class is at fault: restore the object from the archive, or let feeds exclude it."),
            { IsAboutKms: true } => ExplainKms(attempt, failure),
            { WantsKey: true } => new(
                "ObjectAccessDenied", PermissionDenied, $"{attempt.Target} is encrypted with a key that only its writer has (SSE-C).",
                "The object's encryption is at fault: have it written with SSE-S3 or SSE-KMS, or let feeds exclude it."),
            { IsDenial: true } or { Status: 404, Code: not "NoSuchBucket" } => new(
                "ObjectAccessDenied", PermissionDenied, $"Reading {attempt.Target} is denied.",
                PolicyFix.Suggest(
                    failure, attempt,
                    $"s3:GetObject on arn:{AwsPartition.From(connection.Region).Name}:s3:::{connection.BucketName}/{connection.RootPrefix}*",
                    "an object that another account wrote may forbid it by its ACL, until the bucket's object ownership is \"bucket owner enforced\""),
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
            { } code when code.EndsWith("DisabledException", StringComparison.Ordinal) => ("The KMS key is at fault: it is disabled. Its owner can enable it.", []),
            { } code when code.EndsWith("InvalidStateException", StringComparison.Ordinal) => (
                "The KMS key is at fault: its state forbids its use, as when it is pending deletion. Its owner can cancel the deletion and enable it.", []),
            { } code when code.EndsWith("NotFoundException", StringComparison.Ordinal) => ("The KMS key is at fault: it is gone, and with it what it encrypted.", []),
            _ => ExplainKmsDenial(attempt, denial, key),
        };
        return new("ObjectAccessDenied", PermissionDenied,
            $"KMS does not decrypt {attempt.Target}{(ReasonOf(failure) is { } words ? $": {words}" : ".")}", hint, remedies);
    }

    private static (string Hint, IReadOnlyList<Remedy> Remedies) ExplainKmsDenial(AccessAttempt attempt, Denial? denial, string? key)
    {
        IReadOnlyList<Remedy> remedies = key is not null && attempt.Connection.KmsKeyArn is null
            ? [Remedy.SetConnection(attempt.Connection.Name, "KmsKeyArn", key), .. attempt.ShowPolicy]
            : attempt.ShowPolicy;
        const string ManagedKey = "The AWS-managed key aws/s3 cannot be used from another account: such objects must be encrypted with a customer-managed key.";
        return denial is { Layer: not (PolicyLayer.Unknown or PolicyLayer.Resource) }
            ? (PolicyFix.ForLayer(denial, attempt, "kms:Decrypt on the key"), remedies)
            : ($"The KMS key's policy is at fault, or that of {attempt.Holder}: both must allow kms:Decrypt, and the key must be of the bucket's region. {ManagedKey}", remedies);
    }

    // The hint explains a denial. The state of a key is explained by KMS alone.
    private static string? ReasonOf(ServiceFailure failure) => failure.IsDenial ? null : failure.Message.TrimEnd('.') + ".";
}
