using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>The errors of sessions over PostgreSQL's wire protocol. SQLSTATEs are those of the PostgreSQL documentation, appendix A.</summary>
internal static class WireErrors
{
    /// <summary>Returns the error to show where a session cannot be opened; the caller handles refused logins first.</summary>
    /// <param name="location">The destination.</param>
    /// <param name="exception">The driver's exception.</param>
    public static FeedException Connecting(string location, Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } e when IsShutdown(state) => NotReady(location, e.MessageText, state, e),
        PostgresException e => new FeedException("DestinationUnreachable", FeedErrorCategory.ConnectionError, $"{location}: {e.MessageText}", e)
        {
            Target = location,
            ServiceCode = e.SqlState,
            Hint = "Check the database's name and the server's limits.",
        },
        _ when Find<AuthenticationException>(exception) is { } tls => new FeedException(
            "DestinationTlsFailed", FeedErrorCategory.ConnectionError,
            $"{location}: the server's certificate was not accepted: {tls.Message}", exception)
        {
            Target = location,
            Hint = "Name the authority's certificate with RootCertificate, or choose a weaker SslMode where the network is trusted.",
        },
        _ when Find<SocketException>(exception) is { } socket => Unreachable(location, socket.Message, exception),
        _ => Unreachable(location, exception.Message, exception),
    };

    /// <summary>The server answers that it is starting, recovering or stopping.</summary>
    public static FeedException NotReady(string location, string reason, string code, Exception inner)
        => new("DestinationNotReady", FeedErrorCategory.ResourceUnavailable, $"{location} is not ready: {reason}.", inner)
        {
            Target = location,
            ServiceCode = code,
            Hint = "The server is starting, recovering or stopping. A run waits for about a minute. Run the feed again once the server is ready.",
        };

    /// <summary>Returns whether the server ends the session with this SQLSTATE, or has lost its client.</summary>
    public static bool IsEndOfSession(string state) => IsShutdown(state) || state.StartsWith("08", StringComparison.Ordinal);

    /// <summary>Returns whether the connection is lost, or cannot be opened, so that another session may succeed.</summary>
    public static bool IsLost(Exception exception) => exception switch
    {
        NpgsqlException => true,
        FeedException { Id: "DestinationUnreachable" or "DestinationNotReady" } => true,
        IOException or SocketException or ObjectDisposedException => true,
        _ => false,
    };

    private static bool IsShutdown(string state)
        => state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;

    private static FeedException Unreachable(string location, string reason, Exception inner)
        => new("DestinationUnreachable", FeedErrorCategory.ConnectionError, $"{location} cannot be reached: {reason}", inner)
        {
            Target = location,
            Hint = "Check the host, the port and that the server is running.",
        };

    private static T? Find<T>(Exception exception)
        where T : Exception
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }
        return null;
    }
}
