using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The errors of the Glue catalog.</summary>
/// <param name="table">The table in the catalog, for messages.</param>
/// <param name="destination">The destination.</param>
internal sealed class GlueErrors(string table, string destination)
{
    /// <summary>A call was refused, or Glue could not be reached. Retries have ended.</summary>
    /// <param name="action">The action as IAM names it: <c>glue:CreateTable</c>.</param>
    /// <param name="database">The database of the catalog.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="inner">Its exception.</param>
    public FeedException Failed(string action, string database, ServiceFailure failure, Exception inner)
    {
        var (id, category, message, hint) = failure switch
        {
            { Code: "EntityNotFoundException" } => (
                "GlueDatabaseMissing", FeedErrorCategory.ObjectNotFound, $"The Glue catalog has no database {database}: {failure.Message}",
                $"Create the database in Athena, with CREATE DATABASE {database}, or name another one."),
            { IsAboutIdentity: true } => (
                "GlueLoginRefused", FeedErrorCategory.AuthenticationError, $"Glue does not accept the AWS credentials: {failure.Message}",
                "The credentials are at fault, or this machine's clock: check the time and the connection's profile, or the environment if it has "
                + "none."),
            { IsDenial: true } => (
                "GlueDenied", FeedErrorCategory.PermissionDenied, $"{action} is denied for {table}: {failure.Message}",
                "Allow glue:CreateTable, glue:GetTable and glue:UpdateTable on the catalog, the database and the table for the identity that "
                + "registers it. It is that of the connection's profile, or of the default chain, not the connection's role."),
            { Kind: FailureKind.Refused } => (
                "GlueFailed", FeedErrorCategory.InvalidOperation, $"{action} failed for {table}: {failure.Message}",
                "The message is Glue's own."),
            _ => (
                "GlueUnreachable", FeedErrorCategory.ConnectionError, $"Glue cannot be reached for {table}: {failure.Message}",
                "Check the region, the network's way to AWS (a VPC endpoint or the internet) and the proxy (HTTPS_PROXY, NO_PROXY)."),
        };
        return new(id, category, message, inner)
        {
            Target = destination, Hint = hint, ServiceCode = failure.Code, RequestId = failure.RequestId,
        };
    }

    /// <summary>The catalog has a table of that name with another folder.</summary>
    public FeedException Taken(string? location) => new(
        "GlueTableTaken", FeedErrorCategory.InvalidOperation,
        $"There is another {table}: its folder is {location ?? "not known"}.")
    {
        Target = destination,
        Hint = "Nothing was changed. Register the table in another database, or drop the other table from the catalog first.",
    };

    /// <summary>The address is not one of a service.</summary>
    public static FeedException EndpointInvalid(string url) => new(
        "EndpointInvalid", FeedErrorCategory.InvalidArgument, $"\"{url}\" is not an address of Glue.")
    {
        Target = url,
        Hint = "It begins with https:// and has no path. Plain http:// is allowed for this machine only.",
    };
}
