using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections.Policies;

/// <summary>The errors of creating policies.</summary>
internal static class PolicyErrors
{
    private const string AccessPointAlias = "-s3alias";

    /// <summary>Throws if a policy cannot name the connection's bucket.</summary>
    /// <exception cref="FeedException"><c>PolicyBucketUnknown</c>.</exception>
    public static void ThrowIfAlias(S3Connection connection)
    {
        if (connection.BucketName.EndsWith(AccessPointAlias, StringComparison.Ordinal))
            throw BucketUnknown(connection);
    }

    /// <summary>Throws if a policy cannot allow a destination to stage files through a connection.</summary>
    /// <exception cref="FeedException"><c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>.</exception>
    public static void ThrowIfNoStaging(S3Connection connection, string destination)
    {
        ConnectionRules.ThrowIfInvalid(connection);
        if (connection.Anonymous || connection.IsFolder)
            throw StagingUnusable(connection, destination);
        ThrowIfAlias(connection);
    }

    /// <summary>Throws if a policy cannot allow a destination to keep tables through a connection.</summary>
    /// <exception cref="FeedException"><c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>.</exception>
    public static void ThrowIfNoTables(S3Connection connection, string destination)
    {
        ConnectionRules.ThrowIfInvalid(connection);
        if (connection.Anonymous || connection.IsFolder)
            throw TablesUnusable(connection, destination);
        ThrowIfAlias(connection);
    }

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
    private static FeedException BucketUnknown(S3Connection connection) => new(
        "PolicyBucketUnknown", FeedErrorCategory.InvalidArgument,
        $"{connection.BucketName} is the alias of an access point, and a policy cannot contain an alias.")
    {
        Target = connection.Name,
        Hint = "Create the policy for a connection that names the bucket itself; then replace the bucket's ARN by the access point's ARN, "
            + "with /object/ before the root path, and allow the same in the access point's and the bucket's own policies.",
    };

    /// <summary>A destination stages in a folder, or its connection is anonymous, so that no policy can allow it.</summary>
    private static FeedException StagingUnusable(S3Connection connection, string destination) => new(
        "PolicyNotNeeded", FeedErrorCategory.InvalidArgument,
        $"Destination {destination} stages its files through connection {connection.Name}, "
            + (connection.IsFolder ? "which is a folder and needs no policy." : "which is anonymous and can write nowhere."))
    {
        Target = destination,
        Hint = "A warehouse loads from a bucket on S3: give the destination a staging connection with a role or credentials.",
    };

    /// <summary>A destination has its tables in a folder, or its connection is anonymous, so that no policy can allow it.</summary>
    private static FeedException TablesUnusable(S3Connection connection, string destination) => new(
        "PolicyNotNeeded", FeedErrorCategory.InvalidArgument,
        $"Destination {destination} has its tables in connection {connection.Name}, "
            + (connection.IsFolder ? "which is a folder and needs no policy." : "which is anonymous and can write nowhere."))
    {
        Target = destination,
        Hint = connection.IsFolder ? null : "Give the destination a connection with a role or credentials.",
    };

    /// <summary>A trigger has no queue.</summary>
    public static FeedException NoQueue(string trigger) => new(
        "PolicyNotNeeded", FeedErrorCategory.InvalidArgument, $"Trigger {trigger} has no queue, so it needs no policy.")
    {
        Target = trigger,
    };

    /// <summary>The policies of a queue have no principal that could be chosen.</summary>
    public static FeedException PrincipalNotChosen(string trigger) => new(
        "PrincipalUnusable", FeedErrorCategory.InvalidArgument,
        $"The policies for the queue of trigger {trigger} have no trust policy, so they have no principal to choose.")
    {
        Target = trigger,
        Hint = "Leave the trusted principal out.",
    };

    /// <summary>The purpose has no principal that could be chosen.</summary>
    public static FeedException PrincipalNotChosen(string destination, PolicyPurpose purpose) => new(
        "PrincipalUnusable", FeedErrorCategory.InvalidArgument,
        purpose == PolicyPurpose.Copy
            ? $"The trust policy for Copy of destination {destination} has no principal to choose: the role trusts Redshift, or the "
                + "previous role of a chain."
            : $"The policy for DataApi of destination {destination} has no trust policy, so it has no principal to choose.")
    {
        Target = destination,
        Hint = "Leave the trusted principal out.",
    };

    /// <summary>A trust policy needs both values of Snowflake's storage integration, or none.</summary>
    public static FeedException TrustIncomplete(string destination) => new(
        "PrincipalUnusable", FeedErrorCategory.InvalidArgument,
        $"The trust policy for Copy of destination {destination} needs both values of Snowflake's storage integration, or none.")
    {
        Target = destination,
        Hint = "DESC INTEGRATION shows them: STORAGE_AWS_IAM_USER_ARN is the trusted principal, and STORAGE_AWS_EXTERNAL_ID the external id.",
    };

    /// <summary>The destination calls no service of AWS by itself.</summary>
    public static FeedException NoServiceCalled(string destination) => new(
        "PolicyNotNeeded", FeedErrorCategory.InvalidArgument,
        $"Destination {destination} logs in with a user and a password of the database, and calls no AWS service for that.")
    {
        Target = destination,
        Hint = "It needs the policies for Staging and for Copy only.",
    };

    /// <summary>STS did not return the caller's ARN.</summary>
    public static FeedException PrincipalUnknown(PolicyOwner owner, string why, ServiceFailure? failure, Exception inner) => new(
        "PrincipalUnknown", FeedErrorCategory.AuthenticationError,
        $"The trust policy must name a principal, and the current one could not be determined: {why}", inner)
    {
        Target = owner.Name,
        Hint = "Name the user or role whose credentials PeakS3Feed will run with.",
        ServiceCode = failure?.Code,
        RequestId = failure?.RequestId,
        Remedies = [owner.Show("<ARN>")],
    };

    /// <summary>The caller cannot assume a role, or its ARN does not identify the principal.</summary>
    public static FeedException PrincipalUnusable(PolicyOwner owner, string message, string hint, string suggestion = "<ARN>") => new(
        "PrincipalUnusable", FeedErrorCategory.InvalidArgument, message)
    {
        Target = owner.Name,
        Hint = hint,
        Remedies = [owner.Show(suggestion)],
    };
}
