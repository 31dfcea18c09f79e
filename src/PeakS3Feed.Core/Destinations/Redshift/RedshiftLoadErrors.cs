using System.Globalization;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Reads the rows that a COPY refused from the warehouse's views. SYS_LOAD_ERROR_DETAIL exists everywhere, but has no rows' texts; STL_LOAD_ERRORS
/// has them, on clusters only.
/// </summary>
/// <param name="schema">The schema of the tables.</param>
/// <param name="time">The clock of waits.</param>
internal sealed class RedshiftLoadErrors(string schema, TimeProvider time)
{
    private const string Sys = """
        SELECT query_id, file_name, line_number, column_name, column_type, column_length, '', error_message FROM sys_load_error_detail
        WHERE table_id = CAST(:id AS BIGINT) ORDER BY start_time DESC, query_id DESC, file_name, line_number LIMIT 1000
        """;

    private const string Stl = """
        SELECT query, filename, line_number, colname, type, col_length, raw_line, err_reason FROM stl_load_errors
        WHERE tbl = CAST(:id AS BIGINT) ORDER BY starttime DESC, query DESC, filename, line_number LIMIT 1000
        """;

    private const string Id = """
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = lower(:schema) AND c.relname = lower(:table)
        """;

    /// <summary>The views are filled a moment after the COPY has failed.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private const int MaxAttempts = 3;

    /// <summary>Returns the rows that the newest failed COPY into a table refused, at most 1,000; empty if none is recorded.</summary>
    /// <exception cref="StatementRefusedException">The user may read neither view.</exception>
    public async Task<IReadOnlyList<RedshiftLoadError>> ReadAsync(IRedshiftChannel channel, string table, CancellationToken cancellationToken)
    {
        var found = await channel.QueryAsync(new(Id, ("schema", schema), ("table", table)), cancellationToken).FirstOrDefaultAsync(cancellationToken);
        if (found is not [{ } id])
            return [];
        for (var attempt = 1; ; attempt++)
        {
            var newest = await ReadViewsAsync(channel, id, cancellationToken);
            if (newest.Count > 0 || attempt == MaxAttempts)
                return newest;
            await Task.Delay(Delay, time, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<RedshiftLoadError>> ReadViewsAsync(
        IRedshiftChannel channel, string id, CancellationToken cancellationToken)
    {
        StatementRefusedException? denied = null;
        IReadOnlyList<RedshiftLoadError> sys = [], stl = [];
        try
        {
            sys = await NewestAsync(channel, Sys, id, cancellationToken);
        }
        catch (StatementRefusedException e) when (IsUnavailable(e))
        {
            denied = e;
        }
        try
        {
            stl = await NewestAsync(channel, Stl, id, cancellationToken);
        }
        catch (StatementRefusedException e) when (denied is null && IsUnavailable(e))
        {
            return sys;
        }
        return sys.Count == 0 ? stl : [.. sys.Select(e => e with { RawLine = stl.FirstOrDefault(s => IsSameRow(s, e))?.RawLine ?? "" })];
    }

    private static async Task<IReadOnlyList<RedshiftLoadError>> NewestAsync(
        IRedshiftChannel channel, string sql, string id, CancellationToken cancellationToken)
    {
        List<RedshiftLoadError> errors = [];
        string? newest = null;
        await foreach (var row in channel.QueryAsync(new(sql, ("id", id)), cancellationToken))
        {
            newest ??= row[0];
            if (row[0] == newest)
                errors.Add(Create(row));
        }
        return errors;
    }

    // The views pad their texts with spaces.
    private static RedshiftLoadError Create(IReadOnlyList<string?> row)
    {
        var (type, length) = (Trim(row[4]), Trim(row[5]));
        return new(
            Trim(row[1]), long.Parse(row[2] ?? "0", CultureInfo.InvariantCulture), Trim(row[3]),
            length is "" or "0" || type.Contains('(', StringComparison.Ordinal) ? type : $"{type}({length})", row[6]?.TrimEnd() ?? "", Trim(row[7]));
    }

    private static string Trim(string? text) => text?.Trim() ?? "";

    private static bool IsSameRow(RedshiftLoadError one, RedshiftLoadError other) => one.File == other.File && one.Line == other.Line;

    private static bool IsUnavailable(StatementRefusedException e) => e.Refusal is StatementRefusal.Missing or StatementRefusal.Denied;
}
