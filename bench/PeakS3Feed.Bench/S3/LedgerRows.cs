using PeakS3Feed.Bench.Suite;
using SQLitePCL;

namespace PeakS3Feed.Bench.S3;

/// <summary>Fills a ledger with all objects of <see cref="FakeServer"/>'s listing, as if the load of one object had loaded them all.</summary>
internal static class LedgerRows
{
    public static void Add(string path, int count)
    {
        Batteries_V2.Init();
        var sql = $"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count - 1})
            INSERT INTO peaks3feed_file (feed_id, table_name, bucket, object_key, generation, etag, size, load_id)
            SELECT feed_id, table_name, bucket, printf('in/%07d.csv', n), generation, 'etag-' || n, size, load_id FROM peaks3feed_file, numbers
            """;
        var opened = raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READWRITE, null);
        using (database)
        {
            if (opened != raw.SQLITE_OK || raw.sqlite3_exec(database, sql) != raw.SQLITE_OK)
                throw new BenchException($"The ledger was not written: {raw.sqlite3_errmsg(database).utf8_to_string()}");
        }
    }
}
