using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Classifies the driver's exceptions. SQLSTATEs are those of the PostgreSQL documentation, appendix A.</summary>
internal static class PostgreSqlErrors
{
    public static FeedException Unreachable(string location, string reason, Exception inner)
        => new("DestinationUnreachable", FeedErrorCategory.ConnectionError, $"{location} cannot be reached: {reason}", inner)
        {
            Target = location,
            Hint = "Check the host, the port and that the server is running.",
        };

    /// <summary>The server answers that it is starting, recovering or stopping.</summary>
    public static FeedException NotReady(string location, string reason, string code, Exception inner)
        => new("DestinationNotReady", FeedErrorCategory.ResourceUnavailable, $"{location} is not ready: {reason}.", inner)
        {
            Target = location,
            ServiceCode = code,
            Hint = "The server is starting, recovering or stopping. A run waits for about a minute. Run the feed again once the server is ready.",
        };

    public static FeedException LoginRefused(string location, string reason, string? code, Exception inner)
        => new("DestinationLoginRefused", FeedErrorCategory.AuthenticationError, $"{location} refused the login: {reason}", inner)
        {
            Target = location,
            ServiceCode = code,
            Hint = "Check user name, password reference and the server's access rules.",
        };

    /// <summary>Returns whether the same work may succeed on a new session.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException e => e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || e.SqlState.StartsWith("08", StringComparison.Ordinal) || IsCreatedElsewhere(e),
        NpgsqlException => true,
        FeedException { Id: "DestinationUnreachable" or "DestinationNotReady" } => true,
        IOException or SocketException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>Returns whether a single row is the cause: too wide for a page, or with a key too long for an index.</summary>
    public static bool IsRowRefused(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.ProgramLimitExceeded };

    public static Exception Connecting(string location, Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } e when state.StartsWith("28", StringComparison.Ordinal) =>
            LoginRefused(location, e.MessageText, state, e),
        PostgresException
        {
            SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        } e => NotReady(location, e.MessageText, e.SqlState, e),
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

    public static Exception Loading(LoadTarget target, Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } e => DestinationErrors.Full(target, "The PostgreSQL server's disk", e),
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } e =>
            DestinationErrors.Busy(target, $"Table \"{target.Table}\"", TimeSpan.FromSeconds(60), e),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e =>
            DestinationErrors.Refused(target, e.MessageText, e.SqlState, FeedErrorCategory.PermissionDenied, e),
        PostgresException e => DestinationErrors.Refused(
            target, e.MessageText + (e.ColumnName is { } column ? $" (column \"{column}\")" : ""), e.SqlState, FeedErrorCategory.InvalidOperation, e),
        NpgsqlException e => new FeedException(
            "DestinationLost", FeedErrorCategory.ConnectionError,
            $"The connection to PostgreSQL was lost during the load into \"{target.Table}\".", e)
        {
            Target = target.FeedName,
            Hint = "Nothing of the commit was kept. Run the feed again: it continues after the last commit.",
            Remedies = [Remedy.Run(target.FeedName)],
        },
        _ => exception,
    };

    // Two sessions create one table or index at once: the second one finds it at its next inspection.
    private static bool IsCreatedElsewhere(PostgresException e)
        => e is { SqlState: PostgresErrorCodes.DuplicateTable } or { SqlState: PostgresErrorCodes.UniqueViolation, SchemaName: "pg_catalog" };

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
