using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using System.Data.Common;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>A column as SQLite reads it in the table's statement.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="IsGenerated">Whether its values are computed.</param>
/// <param name="IsRowId">Whether it is the INTEGER PRIMARY KEY, another name of the rows' numbers.</param>
internal sealed record SqliteColumn(string Name, string Type, bool IsGenerated, bool IsRowId);

/// <summary>A table and everything that DROP TABLE removes with it.</summary>
internal sealed record SqliteTableParts
{
    private static readonly string[] RowIdNames = ["rowid", "_rowid_", "oid"];
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The table's name as the schema has it.</summary>
    public required string Name { get; init; }

    /// <summary>The table's CREATE TABLE statement.</summary>
    public required string Sql { get; init; }

    /// <summary>All columns, including generated ones.</summary>
    public required IReadOnlyList<SqliteColumn> Columns { get; init; }

    /// <summary>The CREATE statements of the table's indexes and triggers, in their order.</summary>
    public required IReadOnlyList<string> Dependents { get; init; }

    private bool WithoutRowId { get; init; }

    // The last number that AUTOINCREMENT has given.
    private long? LastNumber { get; init; }

    private bool IsAnalyzed { get; init; }

    /// <summary>Reads a table; throws for virtual and other special tables.</summary>
    public static async Task<SqliteTableParts> ReadAsync(SqlCommands commands, LoadTarget target, CancellationToken cancellationToken)
    {
        async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read)
        {
            await using var command = commands.Create(sql);
            if (sql.Contains("@name", StringComparison.Ordinal))
                SqlCommands.Add(command, "name", target.Table);
            return await commands.QueryAsync(command, read, cancellationToken);
        }

        var (kind, withoutRowId) = (await QueryAsync(
            "SELECT type, wr FROM pragma_table_list WHERE schema = 'main' AND name = @name COLLATE NOCASE",
            r => (r.GetString(0), r.GetInt64(1) != 0))).Single();
        if (kind != "table")
            throw SqliteErrors.CannotRebuild(target, $"it is a {kind} table");
        var (name, create) = (await QueryAsync(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name = @name COLLATE NOCASE",
            r => (r.GetString(0), r.GetString(1)))).Single();
        var keys = (await QueryAsync("SELECT count(*) FROM pragma_table_xinfo(@name) WHERE pk > 0", r => r.GetInt64(0))).Single();
        var columns = await QueryAsync(
            "SELECT name, type, hidden, pk FROM pragma_table_xinfo(@name) ORDER BY cid",
            r => new SqliteColumn(
                r.GetString(0), r.GetString(1), r.GetInt64(2) != 0,
                !withoutRowId && keys == 1 && r.GetInt64(3) > 0
                    && string.Equals(r.GetString(1), "INTEGER", StringComparison.OrdinalIgnoreCase)));
        var systemTables = await QueryAsync(
            "SELECT name FROM sqlite_schema WHERE name IN ('sqlite_sequence', 'sqlite_stat1')", r => r.GetString(0));
        var parts = new SqliteTableParts
        {
            Name = name,
            Sql = create,
            Columns = columns,
            Dependents = await QueryAsync(
                """
                SELECT sql FROM sqlite_schema
                WHERE tbl_name = @name COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, rowid
                """,
                r => r.GetString(0)),
            WithoutRowId = withoutRowId,
            LastNumber = systemTables.Contains("sqlite_sequence")
                ? (await QueryAsync("SELECT seq FROM sqlite_sequence WHERE name = @name COLLATE NOCASE", r => (long?)r.GetInt64(0))).FirstOrDefault()
                : null,
            IsAnalyzed = systemTables.Contains("sqlite_stat1")
                && (await QueryAsync("SELECT count(*) FROM sqlite_stat1 WHERE tbl = @name COLLATE NOCASE", r => r.GetInt64(0))).Single() > 0,
        };
        parts._taken.UnionWith(await QueryAsync("SELECT name FROM sqlite_schema", r => r.GetString(0)));
        return parts;
    }

    /// <summary>Returns a name for the row numbers if no column has them after a change of types, or null.</summary>
    public string? HiddenRowId(IReadOnlyCollection<string> retyped)
        => WithoutRowId || Columns.Any(c => c.IsRowId && !retyped.Contains(c.Name, StringComparer.OrdinalIgnoreCase))
            ? null
            : RowIdNames.FirstOrDefault(n => !Columns.Any(c => string.Equals(c.Name, n, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Returns a name that nothing in the database has.</summary>
    public string FreeName(string wanted)
        => Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? wanted : $"{wanted}_{i}").First(n => !_taken.Contains(n));

    /// <summary>Restores what SQLite itself records about the table.</summary>
    public async Task RestoreNumbersAsync(SqlCommands commands, CancellationToken cancellationToken)
    {
        if (LastNumber is { } last)
        {
            const string Delete = "DELETE FROM sqlite_sequence WHERE name = @name";
            const string Insert = "INSERT INTO sqlite_sequence (name, seq) VALUES (@name, @last)";
            foreach (var sql in (string[])[Delete, Insert])
            {
                await using var command = commands.Create(sql);
                SqlCommands.Add(command, "name", Name);
                if (sql.Contains("@last", StringComparison.Ordinal))
                    SqlCommands.Add(command, "last", last);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        if (IsAnalyzed)
            await commands.ExecuteAsync($"ANALYZE {SqlIdentifier.Quote(Name)}", cancellationToken);
    }
}
