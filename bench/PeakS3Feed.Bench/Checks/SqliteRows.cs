using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.Suite;
using SQLitePCL;

namespace PeakS3Feed.Bench.Checks;

/// <summary>Hashes the rows of a table in a SQLite file, with each value as SQLite's text.</summary>
internal static class SqliteRows
{
    public static string Hash(string path, string table)
    {
        Batteries_V2.Init();
        var names = string.Join(", ", BenchColumn.All.Select(c => $"\"{c.Name}\""));
        Check(raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READONLY, null), path);
        using (database)
        {
            Check(raw.sqlite3_prepare_v2(database, $"SELECT {names} FROM \"{table}\"", out var statement), path);
            using (statement)
                return Hash(statement);
        }
    }

    /// <summary>Returns the statement that created a table.</summary>
    public static string Definition(string path, string table)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READONLY, null), path);
        using (database)
        {
            Check(raw.sqlite3_prepare_v2(database, "SELECT sql FROM sqlite_schema WHERE name = ?1", out var statement), path);
            using (statement)
            {
                Check(raw.sqlite3_bind_text(statement, 1, table), path);
                return raw.sqlite3_step(statement) == raw.SQLITE_ROW
                    ? raw.sqlite3_column_text(statement, 0).utf8_to_string()
                    : throw new BenchException($"{path} has no table {table}.");
            }
        }
    }

    private static string Hash(sqlite3_stmt statement)
    {
        var projection = new Projection();
        var hash = new RowHash();
        int result;
        while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            projection.Begin();
            for (var column = 0; column < BenchColumn.All.Count; column++)
                projection.Add(column, raw.sqlite3_column_blob(statement, column));
            hash.Add(projection.Line);
        }

        return result == raw.SQLITE_DONE ? hash.ToString() : throw new BenchException($"SQLite's code is {result}.");
    }

    private static void Check(int result, string path)
    {
        if (result != raw.SQLITE_OK)
            throw new BenchException($"{path}: SQLite's code is {result}.");
    }
}
