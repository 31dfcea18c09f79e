using PeakS3Feed.Remedies;
using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>Explains a failed step: which layer is at fault, and how to fix it.</summary>
internal static partial class AccessDiagnosis
{
    /// <summary>Explains why a step failed.</summary>
    public static Explanation Explain(AccessAttempt attempt, ServiceFailure failure) => failure switch
    {
        { Kind: not FailureKind.Refused } => ExplainNoAnswer(attempt, failure),
        { IsThrottle: true } => new(
            "S3Throttled", ResourceUnavailable, $"{attempt.Service} repeatedly asked for fewer requests.",
            "Try later, or spread the feeds over the day."),
        { IsWrongRegion: true } => WrongRegion(failure, attempt.Connection),
        { IsAboutIdentity: true } => ExplainIdentity(attempt, failure),
        _ when attempt.Staging is { } use => ExplainStaging(attempt, use, failure),
        _ => attempt.Step switch
        {
            ConnectionStep.BaseCredentials or ConnectionStep.AssumeRole => ExplainRole(attempt, failure),
            ConnectionStep.Read or ConnectionStep.Kms => ExplainRead(attempt, failure),
            _ => ExplainList(attempt, failure),
        },
    };

    // The remaining failures: the bucket does not exist, or the error is unknown here.
    private static Explanation ExplainBucket(AccessAttempt attempt, ServiceFailure failure) => failure.Code == "NoSuchBucket"
        ? new(
            "BucketNotFound", ObjectNotFound, $"The bucket {attempt.Connection.BucketName} does not exist.",
            attempt.Connection.EndpointUrl is null
                ? "The connection's bucketName is at fault. A bucket's name contains no region and no path."
                : $"The connection's bucketName is at fault, or its endpointUrl if {attempt.Host} is the wrong server.")
        : new(
            "S3Failed", NotSpecified, $"S3 answered {failure.Code ?? "an error"} (HTTP {failure.Status}): {failure.Message}",
            "The provider's support can look up the request id.");

    private static Explanation ExplainList(AccessAttempt attempt, ServiceFailure failure)
    {
        if (!failure.IsDenial)
            return ExplainBucket(attempt, failure);
        var connection = attempt.Connection;
        var need = "s3:ListBucket on the bucket" + (connection.RootPrefix.Length == 0 ? "" : $" for the prefix {connection.RootPrefix}*");
        return new(
            "ListDenied", PermissionDenied, $"Listing {attempt.Target} is denied.",
            PolicyFix.Suggest(failure, attempt, need, connection.RootPrefix.Length == 0
                ? null
                : "most often, the root path is outside the policy"), attempt.ShowPolicy);
    }

    private static Explanation WrongRegion(ServiceFailure failure, S3Connection connection) => failure.Region is { } right
        ? new(
            "WrongRegion", InvalidArgument, $"The bucket {connection.BucketName} is in {right}, not in {connection.Region}.",
            $"The connection's region is at fault: set it to {right}.", Remedy.SetConnection(connection.Name, "Region", right))
        : new(
            "WrongRegion", InvalidArgument, $"The bucket {connection.BucketName} is not in {connection.Region}.",
            "The connection's region is at fault: the S3 console shows the right one among the bucket's properties.");
}
