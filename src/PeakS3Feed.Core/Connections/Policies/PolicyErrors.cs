using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections.Policies;

/// <summary>The errors of making policies.</summary>
internal static class PolicyErrors
{
    /// <summary>A public bucket, or a folder.</summary>
    public static FeedException NotNeeded(S3Connection connection) => new(
        "PolicyNotNeeded", FeedErrorCategory.InvalidArgument,
        connection.IsFolder
            ? $"Connection {connection.Name} reads a folder, which needs no policy."
            : $"Connection {connection.Name} is anonymous: it reads a public bucket without signing, and no role's policy has a part in that.")
    {
        Target = connection.Name,
    };

    /// <summary>IAM does not know the bucket by an access point's alias.</summary>
    public static FeedException BucketUnknown(S3Connection connection) => new(
        "PolicyBucketUnknown", FeedErrorCategory.InvalidArgument,
        $"{connection.BucketName} is the alias of an access point, which a policy cannot name.")
    {
        Target = connection.Name,
        Hint = "Make the policy for a connection that names the bucket itself; then put the access point's ARN in the place of the bucket's, "
            + "with /object/ before the root path, and allow the same in the access point's and the bucket's own policies.",
    };

    /// <summary>STS could not say who we are.</summary>
    public static FeedException PrincipalUnknown(S3Connection connection, string why, ServiceFailure? failure, Exception inner) => new(
        "PrincipalUnknown", FeedErrorCategory.AuthenticationError,
        $"The trust policy must name who may assume the role, and who we are could not be found out: {why}", inner)
    {
        Target = connection.Name,
        Hint = "Name the user or role whose credentials PeakS3Feed will run with.",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
        Remedies = [Remedy.ShowPolicy(connection.Name, "<ARN>")],
    };

    /// <summary>We are somebody who cannot assume a role, or whose ARN does not say which principal is meant.</summary>
    public static FeedException PrincipalUnusable(S3Connection connection, string message, string hint, string suggestion = "<ARN>") => new(
        "PrincipalUnusable", FeedErrorCategory.InvalidArgument, message)
    {
        Target = connection.Name,
        Hint = hint,
        Remedies = [Remedy.ShowPolicy(connection.Name, suggestion)],
    };

}
