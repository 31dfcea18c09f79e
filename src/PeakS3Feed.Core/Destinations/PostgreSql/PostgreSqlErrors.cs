using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Classifies the driver's exceptions. SQLSTATEs are those of the PostgreSQL documentation, appendix A.</summary>
internal static class PostgreSqlErrors
{
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
            || WireErrors.IsEndOfSession(e.SqlState) || IsCreatedElsewhere(e),
        _ => WireErrors.IsLost(exception),
    };

    /// <summary>Returns whether a single row is the cause: too wide for a page, or with a key too long for an index.</summary>
    public static bool IsRowRefused(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.ProgramLimitExceeded };

    public static Exception Connecting(string location, Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } e when state.StartsWith("28", StringComparison.Ordinal) =>
            LoginRefused(location, e.MessageText, state, e),
        _ => WireErrors.Connecting(location, exception),
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
        NpgsqlException e => DestinationErrors.Lost(target, "PostgreSQL", e),
        _ => exception,
    };

    // Two sessions create one table or index at once: the second one finds it at its next inspection.
    private static bool IsCreatedElsewhere(PostgresException e)
        => e is { SqlState: PostgresErrorCodes.DuplicateTable } or { SqlState: PostgresErrorCodes.UniqueViolation, SchemaName: "pg_catalog" };
}
