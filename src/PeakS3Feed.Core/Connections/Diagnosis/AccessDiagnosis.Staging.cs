using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <content>Staged files of a destination.</content>
internal static partial class AccessDiagnosis
{
    private static Explanation ExplainStaging(AccessAttempt attempt, StagingUse use, ServiceFailure failure) => failure switch
    {
        { IsAboutKms: true } => ExplainKms(attempt, failure) with { Id = use.IsTable ? "TableFilesDenied" : "StagingDenied" },
        { IsDenial: true } when use.IsTable => new(
            "TableFilesDenied", PermissionDenied, "access is denied.",
            PolicyFix.Suggest(failure, attempt, GetNeed(attempt.Connection, use), likely: null), attempt.ShowPolicy),
        { Code: "NoSuchKey" } when use.IsTable => new(
            "TableFileMissing", ObjectNotFound, "the file does not exist.",
            "Something else deleted the file: a vacuum while it was read, a person, another program, or a lifecycle rule of the bucket. Run again. "
                + "If that does not help, restore the file; in a bucket with versions, remove its delete marker."),
        { IsDenial: true } => new(
            "StagingDenied", PermissionDenied, "access is denied.",
            PolicyFix.Suggest(failure, attempt, GetNeed(attempt.Connection, use), likely: null), attempt.ShowPolicy),
        { Code: "NoSuchKey" } => new(
            "StagedFileMissing", ObjectNotFound, "the file does not exist.",
            "Something else deleted the file: a person, another program, or a lifecycle rule of the bucket that is too short. Run again; "
                + "the rows are "
            + "staged again."),
        _ => ExplainBucket(attempt, failure),
    };

    private static string GetNeed(S3Connection connection, StagingUse use)
    {
        var bucket = $"arn:{AwsPartition.From(connection.Region).Name}:s3:::{connection.BucketName}";
        return use.Action switch
        {
            StagingAction.Write => $"s3:PutObject and s3:AbortMultipartUpload on {bucket}/{use.Prefix}*",
            StagingAction.Read => $"s3:GetObject on {bucket}/{use.Prefix}*",
            StagingAction.Delete => $"s3:DeleteObject on {bucket}/{use.Prefix}*",
            _ => "s3:ListBucket on the bucket" + (use.Prefix.Length == 0 ? "" : $" for the prefix {use.Prefix}*"),
        };
    }
}
