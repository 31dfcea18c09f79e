using DuckDB.NET.Data;

namespace PeakS3Feed.TestLake;

/// <summary>A DuckDB in memory, which reads the files of the product and writes files for tests. Its time zone is UTC.</summary>
public sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDb()
    {
        _connection.Open();
        Run("SET TimeZone = 'UTC'");
    }

    /// <summary>Runs a statement.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>All rows of a query; null for NULL.</summary>
    public IReadOnlyList<object?[]> Query(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>The only value of a query; null for NULL.</summary>
    public object? Value(string sql) => Query(sql).Single().Single();

    /// <summary>Runs a query that reads Parquet without using statistics: every row is read and compared.</summary>
    public object? ValueWithoutStatistics(string sql)
    {
        Run("SET disabled_optimizers = 'filter_pushdown,statistics_propagation'");
        try
        {
            return Value(sql);
        }
        finally
        {
            Run("SET disabled_optimizers = ''");
        }
    }

    /// <summary>A text as a literal of SQL.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public void Dispose() => _connection.Dispose();
}
