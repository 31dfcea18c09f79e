using System.Data.Common;
using System.Globalization;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>The names of the ledger's tables, and commands with the feed and the table as parameters.</summary>
internal class LedgerCommands(DbConnection connection, SqlDialect dialect, LoadTarget target)
{
    /// <summary>The table of lock rows. The ledger exists when this table does.</summary>
    public const string LockTable = "peaks3feed_lock";

    /// <summary>The table with a row for each load.</summary>
    public const string LoadTable = "peaks3feed_load";

    /// <summary>The table with a row for each loaded object version.</summary>
    public const string FileTable = "peaks3feed_file";

    /// <summary>The assignments that reset a lock row. The epoch rises, which fences runs in progress.</summary>
    public const string Forgotten = "epoch = epoch + 1, sequence = 0, schema_json = NULL, signature = NULL";

    /// <summary>The column of lock rows that ledgers of format version 1 lack.</summary>
    public const string RetiredSchemaColumn = "retired_schema_json";

    /// <summary>
    /// The column of loads and files that names the reset which retired them: the feed's number of loads at that time. 0 while they count.
    /// </summary>
    public const string RetiredColumn = "retired";

    /// <summary>The condition for the rows of this feed and table.</summary>
    public const string Mine = "feed_id = @feed AND table_name = @table";

    /// <summary>The lock rows, quoted.</summary>
    public string Lock { get; } = dialect.Table(LockTable);

    /// <summary>The loads, quoted.</summary>
    public string Load { get; } = dialect.Table(LoadTable);

    /// <summary>The object versions that were loaded, quoted.</summary>
    public string File { get; } = dialect.Table(FileTable);

    /// <summary>Whether the ledger's tables have the columns for retired loads. Tables of older versions get them with the first reset.</summary>
    public bool HasRetired { get; set; }

    /// <summary>The condition for loads and files that count; begins with AND.</summary>
    public string Live => HasRetired ? $" AND {RetiredColumn} = 0" : "";

    public SqlDialect Dialect => dialect;

    public LoadTarget Target => target;

    /// <summary>Creates a command, with the parameters @feed and @table where its text uses them.</summary>
    public DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (sql.Contains("@feed", StringComparison.Ordinal))
            Add(command, "feed", Text(target.FeedId));
        if (sql.Contains("@table", StringComparison.Ordinal))
            Add(command, "table", dialect.LedgerName(target.Table));
        return command;
    }

    /// <summary>Runs a statement that may use @feed and @table.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a query and returns all rows.</summary>
    public virtual async Task<List<T>> QueryAsync<T>(DbCommand command, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    public static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    public static string Text(Guid id) => id.ToString("D");

    public static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset ParseTime(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
