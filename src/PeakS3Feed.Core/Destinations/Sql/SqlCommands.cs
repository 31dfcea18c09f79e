using System.Data.Common;
using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Commands on the open connection of a session, whose feed and table they can have as parameters.</summary>
internal class SqlCommands(DbConnection connection, SqlDialect dialect, LoadTarget target)
{
    public SqlDialect Dialect => dialect;

    public LoadTarget Target => target;

    /// <summary>Creates a command, with the parameters @feed and @table where its text uses them.</summary>
    public DbCommand Create(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (sql.Contains("@feed", StringComparison.Ordinal))
            Add(command, "feed", Text(target.FeedId));
        if (sql.Contains("@table", StringComparison.Ordinal))
            Add(command, "table", dialect.LedgerName(target.Table));
        return command;
    }

    /// <summary>Executes a statement that may use @feed and @table. Returns the number of rows that it changed.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Create(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Executes a query and returns all rows.</summary>
    public virtual async Task<List<T>> QueryAsync<T>(DbCommand command, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Counts the rows of the feed's table, which must exist.</summary>
    public async Task<long> CountRowsAsync(CancellationToken cancellationToken)
    {
        await using var command = Create($"SELECT count(*) FROM {dialect.Table(target.Table)}");
        return (await QueryAsync(command, r => r.GetInt64(0), cancellationToken)).Single();
    }

    /// <summary>Inserts a row for each object: many rows with one statement, which is reused.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="same">The columns that have the same value in each row.</param>
    /// <param name="columns">The columns whose values differ from row to row.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="values">Returns an object's values of <paramref name="columns"/>.</param>
    /// <param name="cancellationToken">Stops between two statements, and cancels a statement that waits.</param>
    public async Task InsertAsync(
        string table, IReadOnlyList<(string Column, object Value)> same, IReadOnlyList<string> columns,
        IAsyncEnumerable<SourceObject> objects, Func<SourceObject, object[]> values, CancellationToken cancellationToken)
    {
        DbCommand? command = null;
        var rows = 0;
        try
        {
            await foreach (var page in objects.Chunk(dialect.RowsPerInsert).WithCancellation(cancellationToken))
            {
                if (command is null || rows != page.Length)
                {
                    if (command is not null)
                        await command.DisposeAsync();
                    rows = page.Length;
                    command = CreateInsert(table, same, columns, rows);
                }

                var parameter = command.Parameters.Count - (rows * columns.Count);
                foreach (var value in page.SelectMany(values))
                    command.Parameters[parameter++].Value = value;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            if (command is not null)
                await command.DisposeAsync();
        }
    }

    public static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    /// <summary>Formats an id as the ledger stores it.</summary>
    public static string Text(Guid id) => id.ToString("D");

    /// <summary>Formats a time as the ledger stores it: UTC, in microseconds.</summary>
    public static string Text(DateTimeOffset time)
        => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // Parameter names are short, because SQLite compares each name with all earlier ones.
    private DbCommand CreateInsert(string table, IReadOnlyList<(string Column, object Value)> same, IReadOnlyList<string> columns, int rows)
    {
        var shared = string.Concat(same.Select((_, i) => $"@s{i}, "));
        var lines = Enumerable.Range(0, rows).Select(row => $"({shared}{string.Join(", ", columns.Select((_, i) => $"@{Name(row, i)}"))})");
        var names = string.Join(", ", same.Select(s => s.Column).Concat(columns));
        var command = Create($"INSERT INTO {table} ({names}) VALUES {string.Join(", ", lines)}");
        for (var i = 0; i < same.Count; i++)
            Add(command, $"s{i}", same[i].Value);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < columns.Count; i++)
                Add(command, Name(row, i), value: null);
        }
        return command;

        static string Name(int row, int column) => $"{(char)('a' + column)}{row}";
    }
}
