using System.Globalization;
using PeakS3Feed.RedshiftServer.Protocol;
using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.RedshiftServer.Copy;

/// <summary>The table and the columns that a COPY fills.</summary>
/// <param name="TableId">The table's number.</param>
/// <param name="SessionId">The number of the process that fills it.</param>
/// <param name="Columns">The columns in the order of the fields.</param>
internal sealed record CopyTarget(long TableId, int SessionId, IReadOnlyList<LoadColumn> Columns)
{
    /// <summary>The COPY that PostgreSQL gets.</summary>
    public string Sql(CopyStatement copy)
        => $"COPY {copy.QuotedTable} ({string.Join(", ", Columns.Select(c => SqlTokens.Quote(c.Name)))}) FROM STDIN";

    /// <summary>Looks the columns up inside the caller's transaction.</summary>
    /// <returns>The target, or the error.</returns>
    public static async Task<(CopyTarget? Target, WireMessage? Error)> FindAsync(Backend backend, CopyStatement copy, CancellationToken ct)
    {
        var found = await backend.InjectAsync($"""
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attrelid::bigint, pg_backend_pid()
            FROM pg_attribute a
            WHERE a.attrelid = to_regclass({SqlTokens.Literal(copy.QuotedTable)}) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """, ct);
        if (found.Error is not null)
            return (null, found.Error);
        if (found.Rows.Count == 0)
            throw RedshiftRefusal.FromRedshift("42P01", $"Cannot COPY into nonexistent table {copy.TableName}");
        var all = found.Rows.Select(r => new LoadColumn(r[0]!, r[1]!, r[2] == "t")).ToList();
        var columns = copy.Columns.Count == 0
            ? all
            : copy.Columns.Select(name => all.Find(c => c.Name == name) ?? throw Missing(name, copy)).ToList();
        return (new CopyTarget(Number(found.Rows[0][3]), (int)Number(found.Rows[0][4]), columns), null);
    }

    private static RefusalException Missing(string name, CopyStatement copy)
        => RedshiftRefusal.FromRedshift("42703", $"column \"{name}\" of relation \"{copy.TableName}\" does not exist");

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);
}
