using System.Globalization;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The errors about the SQL API itself. Those about statements are <see cref="SnowflakeErrors"/>.</summary>
internal static class SnowflakeServiceErrors
{
    /// <summary>The SQL API refused a call, or could not be reached. Retries have ended.</summary>
    /// <param name="location">The destination, for messages.</param>
    /// <param name="inner">The exception.</param>
    public static FeedException Failed(string location, Exception inner)
    {
        if (inner is SqlApiException refusal)
            return Refused(location, refusal);
        var failure = ServiceFailure.From(inner);
        var (id, category, message, hint) = failure.Kind switch
        {
            FailureKind.Tls or FailureKind.NotTls => (
                "DestinationTlsFailed", FeedErrorCategory.AuthenticationError, $"The certificate for {location} is not trusted: {failure.Message}",
                "A proxy may replace certificates: add its authority to the trusted ones of this machine."),
            FailureKind.NotTheService => (
                "DestinationNotSnowflake", FeedErrorCategory.InvalidArgument, $"Another server answers instead of the SQL API of {location}.",
                "Check the proxy (HTTPS_PROXY, NO_PROXY) and EndpointUrl."),
            FailureKind.NameNotFound => (
                "DestinationUnreachable", FeedErrorCategory.ConnectionError, $"{location} cannot be reached: {failure.Message}",
                "Check the account's name. Hosts of PrivateLink have names only where the network resolves them."),
            FailureKind.Proxy => (
                "DestinationUnreachable", FeedErrorCategory.ConnectionError, $"The proxy does not connect to {location}: {failure.Message}",
                "Check HTTPS_PROXY and NO_PROXY, and that the proxy allows the account's host."),
            _ => (
                "DestinationUnreachable", FeedErrorCategory.ConnectionError, $"{location} cannot be reached: {failure.Message}",
                "Check the network's way to Snowflake (the internet or PrivateLink) and the proxy (HTTPS_PROXY, NO_PROXY)."),
        };
        return new(id, category, message, inner) { Target = location, Hint = hint };
    }

    /// <summary>A result has another number of rows than the service announced.</summary>
    public static FeedException Incomplete(string location, long read, long announced)
        => new("DestinationNotReady", FeedErrorCategory.ResourceUnavailable,
            string.Create(CultureInfo.InvariantCulture, $"{location} announced {announced:N0} rows of a result and sent {read:N0}."))
        {
            Target = location,
            Hint = "Nothing was decided with an incomplete result. Run the feed again; if it happens again, look for a proxy that changes answers.",
        };

    /// <summary>Returns whether an error is about a call of the SQL API, and not about a secret or a key.</summary>
    public static bool IsOfCall(FeedException error) => error.Id.StartsWith("Destination", StringComparison.Ordinal);

    private static FeedException Refused(string location, SqlApiException e)
    {
        var (id, category, message, hint) = e switch
        {
            { IsTransient: true } => (
                "DestinationNotReady", FeedErrorCategory.ResourceUnavailable, $"{location} is not ready: {e.Message}",
                "Snowflake is busy or fails. Calls were repeated for about two minutes. Run the feed again later."),
            { IsOfService: false } => (
                "DestinationNotSnowflake", FeedErrorCategory.InvalidArgument, $"No SQL API of Snowflake answers for {location}: {e.Message}",
                "Check the account: a locator requires its region, as in xy12345.eu-central-1. A proxy may answer, too: check HTTPS_PROXY, NO_PROXY "
                + "and EndpointUrl."),
            _ => (
                "DestinationRefused", FeedErrorCategory.InvalidOperation, $"{location} refused a request: {e.Message}",
                "The message has Snowflake's own text and code: check the names of the database, the schema, the warehouse and the role."),
        };
        return new(id, category, message, e) { Target = location, Hint = hint, ServiceCode = e.Code, RequestId = e.Handle };
    }
}
