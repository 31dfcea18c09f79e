using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections.Policies;

/// <summary>The errors of creating policies.</summary>
internal static class PolicyErrors
{
    /// <summary>The connection is a public bucket or a folder.</summary>
    public static FeedException NotNeeded(S3Connection connection) => new(
        "PolicyNotNeeded", FeedErrorCategory.InvalidArgument,
        connection.IsFolder
            ? $"Connection {connection.Name} reads a folder, which needs no policy."
            : $"Connection {connection.Name} is anonymous: it reads a public bucket with unsigned requests, so it needs no policy.")
    {
        Target = connection.Name,
    };

    /// <summary>The bucket is the alias of an access point, which IAM does not know.</summary>
    public static FeedException BucketUnknown(S3Connection connection) => new(
        "PolicyBucketUnknown", FeedErrorCategory.InvalidArgument,
        $"{connection.BucketName} is the alias of an access point, and a policy cannot contain an alias.")
    {
        Target = connection.Name,
        Hint = "Create the policy for a connection that names the bucket itself; then replace the bucket's ARN by the access point's ARN, "
            + "with /object/ before the root path, and allow the same in the access point's and the bucket's own policies.",
    };

    /// <summary>STS did not return the caller's ARN.</summary>
    public static FeedException PrincipalUnknown(S3Connection connection, string why, ServiceFailure? failure, Exception inner) => new(
        "PrincipalUnknown", FeedErrorCategory.AuthenticationError,
        $"The trust policy must name a principal, and the current one could not be determined: {why}", inner)
    {
        Target = connection.Name,
        Hint = "Name the user or role whose credentials PeakS3Feed will run with.",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
        Remedies = [Remedy.ShowPolicy(connection.Name, "<ARN>")],
    };

    /// <summary>The caller cannot assume a role, or its ARN does not identify the principal.</summary>
    public static FeedException PrincipalUnusable(S3Connection connection, string message, string hint, string suggestion = "<ARN>") => new(
        "PrincipalUnusable", FeedErrorCategory.InvalidArgument, message)
    {
        Target = connection.Name,
        Hint = hint,
        Remedies = [Remedy.ShowPolicy(connection.Name, suggestion)],
    };

}
