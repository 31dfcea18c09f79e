using System.Globalization;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>What the SQL API says about a statement.</summary>
/// <param name="Handle">The statement's id; null where an answer does not name it.</param>
internal abstract record SqlApiOutcome(string? Handle)
{
    /// <summary>It still runs.</summary>
    /// <param name="Handle">The statement's id.</param>
    public sealed record Running(string Handle) : SqlApiOutcome(Handle);

    /// <summary>It ended well.</summary>
    /// <param name="Handle">The statement's id.</param>
    /// <param name="Answer">The answer, with the first rows.</param>
    public sealed record Finished(string Handle, StatementAnswer Answer) : SqlApiOutcome(Handle)
    {
        private const string Loaded = "rows_loaded";
        private const string Changed = "number of rows ";

        /// <summary>The columns' names; empty where the answer has none.</summary>
        public IReadOnlyList<string> Columns => [.. (Answer.ResultSetMetaData?.RowType ?? []).Select(c => c.Name ?? "")];

        /// <summary>
        /// The number of rows that the statement changed or loaded; null where the answer does not say. The result of a COPY has a row for each
        /// file, that of another statement one row with a number for each kind of change.
        /// </summary>
        public long? Rows => Sum(Loaded.Equals) ?? Sum(IsCount) ?? FromStatistics() ?? (LoadedNothing ? 0 : null);

        // A COPY whose files are all loaded already.
        private bool LoadedNothing => Answer.Data is [[{ } status]] && status.StartsWith("Copy executed with 0 files", StringComparison.Ordinal);

        private static bool IsCount(string column) => column.StartsWith(Changed, StringComparison.OrdinalIgnoreCase)
            && !column.Contains("multi-joined", StringComparison.OrdinalIgnoreCase);

        private long? Sum(Func<string, bool> isCounted)
        {
            long? sum = null;
            foreach (var (index, name) in Columns.Index())
            {
                if (!isCounted(name))
                    continue;
                foreach (var row in Answer.Data ?? [])
                {
                    if (index < row.Count && long.TryParse(row[index], NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
                        sum = (sum ?? 0) + rows;
                }
            }
            return sum;
        }

        private long? FromStatistics() => Answer.Stats is { } s && (s.NumRowsInserted ?? s.NumRowsUpdated ?? s.NumRowsDeleted) is not null
            ? (s.NumRowsInserted ?? 0) + (s.NumRowsUpdated ?? 0) + (s.NumRowsDeleted ?? 0)
            : null;
    }

    /// <summary>Snowflake refused or cancelled it.</summary>
    /// <param name="Handle">The statement's id, or null.</param>
    /// <param name="Failure">Why.</param>
    public sealed record Refused(string? Handle, SqlApiException Failure) : SqlApiOutcome(Handle);
}

/// <summary>An answer of the SQL API that is not a result. It has no secret: the service does not repeat tokens.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The service's message; for an answer that is not the service's, the status in words.</param>
internal sealed class SqlApiException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The service's code of six digits; null where the answer is not the service's.</summary>
    public string? Code { get; init; }

    /// <summary>The SQLSTATE, or null.</summary>
    public string? SqlState { get; init; }

    /// <summary>The id of the statement, or null.</summary>
    public string? Handle { get; init; }

    /// <summary>The delay that the service asks for before the next attempt, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The server's time, or null.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>Whether Snowflake itself answered.</summary>
    public bool IsOfService => Code is not null;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => Status is 429 or 500 or 502 or 503 or 504 || (Status == 408 && !IsOfService);
}
