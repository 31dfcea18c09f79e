using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Reads what SQLite's schema says of a table.</summary>
internal sealed class SqliteTable(SqliteFile file)
{
    public bool Exists(string table) => KindOf(table) is not null;

    public TableState Inspect(LoadTarget target)
    {
        switch (KindOf(target.Table))
        {
            case null:
                return new TableState();
            case "table":
                break;
            case var kind:
                throw DestinationErrors.NotATable(target, kind);
        }
        return new TableState
        {
            Exists = true,
            HasRows = Query($"SELECT 1 FROM {SqlIdentifier.Quote(target.Table)} LIMIT 1", r => r.GetInt64(0)).Count > 0,
            Columns = Query(
                "SELECT name, type, \"notnull\" AND dflt_value IS NULL AND pk = 0 FROM pragma_table_info(@name)",
                r => new TableColumn(r.GetString(0), r.GetString(1), r.GetInt64(2) != 0),
                target.Table),
            UniqueKeys = UniqueKeys(target.Table),
        };
    }

    private string? KindOf(string table)
        => Query("SELECT type FROM sqlite_schema WHERE type IN ('table', 'view') AND name = @name COLLATE NOCASE", r => r.GetString(0), table).FirstOrDefault();

    private List<IReadOnlySet<string>> UniqueKeys(string table)
    {
        var keys = Query("SELECT name FROM pragma_index_list(@name) WHERE \"unique\" AND NOT partial", r => r.GetString(0), table)
            .Select(index => Query("SELECT name FROM pragma_index_info(@name)", r => r.IsDBNull(0) ? "" : r.GetString(0), index))
            .Append(Query("SELECT name FROM pragma_table_info(@name) WHERE pk > 0", r => r.GetString(0), table)); // an INTEGER PRIMARY KEY has no index
        return [.. keys.Where(k => k.Count > 0).Select(k => (IReadOnlySet<string>)k.ToHashSet(StringComparer.OrdinalIgnoreCase))];
    }

    private List<T> Query<T>(string sql, Func<Microsoft.Data.Sqlite.SqliteDataReader, T> read, string? name = null)
    {
        using var command = file.Connection.CreateCommand();
        command.CommandText = sql;
        if (name is not null)
            command.Parameters.AddWithValue("@name", name);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }
}
