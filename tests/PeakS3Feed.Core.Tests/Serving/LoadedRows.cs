using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Tests.Serving;

/// <summary>The rows of the table "orders" in the local database of a store.</summary>
internal static class LoadedRows
{
    /// <summary>Reads the ids, in ascending order.</summary>
    public static async Task<List<long>> ReadIdsAsync(string store)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(store, "local.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM orders ORDER BY id";
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<long>();
        while (await reader.ReadAsync())
            ids.Add(reader.GetInt64(0));
        return ids;
    }

    /// <summary>Changes the database.</summary>
    public static async Task ExecuteAsync(string store, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(store, "local.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
