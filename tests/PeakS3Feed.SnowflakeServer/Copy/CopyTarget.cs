using System.Globalization;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Snowflake;

namespace PeakS3Feed.SnowflakeServer.Copy;

/// <summary>The table and the columns that a COPY fills.</summary>
/// <param name="Table">The table as PostgreSQL gets it.</param>
/// <param name="Name">Its name without database and schema.</param>
/// <param name="Columns">The columns in the order of the fields.</param>
internal sealed record CopyTarget(string Table, string Name, IReadOnlyList<CopyColumn> Columns)
{
    /// <summary>Finds it.</summary>
    public static async Task<CopyTarget> FindAsync(StatementSession session, CopyIntoStatement copy, CancellationToken ct)
    {
        var table = session.Scope.Table(copy.Table, "COPY");
        var found = await session.QueryAsync(
            """
            SELECT snowflake_account.full_name(attname), format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
            WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
            """, [table], ct);
        if (found.Rows.Count == 0)
            throw SnowflakeErrors.Missing("Table", session.Scope.FullName(copy.Table));
        var all = found.Rows.Select(r => new CopyColumn(r[0]!, SnowflakeType.FromPostgres(r[1]!), r[2] == "true")).ToList();
        return new CopyTarget(table, copy.Table[^1], all);
    }

    /// <summary>A column as errors name it.</summary>
    public string Describe(int index) => index < Columns.Count
        ? string.Create(CultureInfo.InvariantCulture, $"\"{Name}\"[\"{Columns[index].Name}\":{index + 1}]")
        : string.Create(CultureInfo.InvariantCulture, $"\"{Name}\"[{index + 1}]");
}
