using System.Text.RegularExpressions;
using Npgsql;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Sessions;

/// <summary>PostgreSQL's errors in the words and codes of Snowflake.</summary>
internal static partial class PostgresErrors
{
    public static RefusalException Translate(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable => SnowflakeErrors.Missing("Object", Quoted(e)),
        PostgresErrorCodes.UndefinedColumn => SnowflakeErrors.InvalidIdentifier(Column(e)),
        PostgresErrorCodes.InvalidSchemaName => SnowflakeErrors.Missing("Schema", Quoted(e)),
        PostgresErrorCodes.DuplicateTable => SnowflakeErrors.Exists(Quoted(e)),
        PostgresErrorCodes.DuplicateColumn => SnowflakeErrors.DuplicateColumn(Quoted(e)),
        PostgresErrorCodes.AmbiguousColumn => Refuse("000904", "42000", $"SQL compilation error:\nambiguous column name '{Quoted(e)}'"),
        PostgresErrorCodes.NotNullViolation => Refuse("100072", "22000", "NULL result in a non-nullable column"),
        PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.InvalidDatetimeFormat or PostgresErrorCodes.DatetimeFieldOverflow
            => Unrecognized(e),
        PostgresErrorCodes.NumericValueOutOfRange => Refuse("100132", "22003", $"Number out of representable range: {e.Detail ?? e.MessageText}"),
        PostgresErrorCodes.StringDataRightTruncation => Refuse("100078", "22000", "String is too long and would be truncated"),
        PostgresErrorCodes.DivisionByZero => Refuse("100051", "22012", "Division by zero"),
        PostgresErrorCodes.CardinalityViolation when e.MessageText.StartsWith("MERGE", StringComparison.Ordinal)
            => Refuse("100090", "42P18", "Duplicate row detected during DML action"),
        PostgresErrorCodes.CardinalityViolation => Refuse("090150", "22000", "Single-row subquery returns more than one row."),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => Refuse(
            "000625", "57014",
            $"Statement '{Guid.NewGuid()}' has locked table in transaction 1 and this lock has not yet been released. ({e.MessageText})"),
        PostgresErrorCodes.QueryCanceled => SnowflakeErrors.Cancelled,
        PostgresErrorCodes.DatatypeMismatch or PostgresErrorCodes.UndefinedFunction => SnowflakeErrors.NotInStandIn(
            $"an implicit conversion; the SQL must CAST: {e.MessageText}"),
        _ => SnowflakeErrors.NotInStandIn($"what PostgreSQL does not do: {e.SqlState} {e.MessageText}"),
    };

    private static RefusalException Unrecognized(PostgresException e)
    {
        var value = Quoted(e);
        if (e.MessageText.Contains("json", StringComparison.Ordinal))
            return Refuse("100069", "22P02", $"Error parsing JSON: {e.Detail ?? value}");
        if (e.MessageText.Contains("type boolean", StringComparison.Ordinal))
            return Refuse("100037", "22018", $"Boolean value '{value}' is not recognized");
        if (e.MessageText.Contains("timestamp", StringComparison.Ordinal))
            return Refuse("100035", "22007", $"Timestamp '{value}' is not recognized");
        return e.MessageText.Contains("date", StringComparison.Ordinal)
            ? Refuse("100040", "22007", $"Date '{value}' is not recognized")
            : Refuse("100038", "22018", $"Numeric value '{value}' is not recognized");
    }

    private static RefusalException Refuse(string code, string state, string message) => new(state, message, code);

    private static string Quoted(PostgresException e) => Quotes().Match(e.MessageText).Groups["name"].Value;

    // column "X" does not exist; column t.X does not exist
    private static string Column(PostgresException e)
        => Columns().Match(e.MessageText).Groups["name"].Value.Replace("\"", "", StringComparison.Ordinal);

    [GeneratedRegex("\"(?<name>.*)\"", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quotes();

    [GeneratedRegex("^column (?<name>.+?) (?:of relation .* )?does not exist", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Columns();
}
