using System.Globalization;
using PeakS3Feed.TestLake;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// Reads a Delta table in a folder with nothing of the product: DuckDB's SQL replays all entries of the log, and DuckDB reads the data files.
/// </summary>
internal sealed class DeltaReplay : IDisposable
{
    private readonly DuckDb _duckDb = new();
    private readonly string _table;

    public DeltaReplay(string table)
    {
        _table = table;
        _duckDb.Run(
            $"""
            CREATE TABLE action AS
            SELECT CAST(regexp_extract(filename, '([0-9]+)[.]json$', 1) AS BIGINT) AS version, json
            FROM read_ndjson_objects({Quote(Path.Combine(table, "_delta_log", "*.json"))}, filename = true)
            """);
        var versions = Query("SELECT DISTINCT version FROM action ORDER BY version").Select(r => (long)r[0]!).ToList();
        Assert.Equal(Enumerable.Range(0, versions.Count).Select(v => (long)v), versions);
        Newest = versions.Count - 1;
    }

    /// <summary>Whether a folder has a log.</summary>
    public static bool Exists(string table)
        => Directory.Exists(Path.Combine(table, "_delta_log")) && Directory.EnumerateFiles(Path.Combine(table, "_delta_log"), "*.json").Any();

    /// <summary>The newest version.</summary>
    public long Newest { get; }

    /// <summary>The files of a version. Their sizes and numbers of rows are those that the log says.</summary>
    public IReadOnlyList<string> ReadFiles(long? version = null)
    {
        var files = Query(
            $"""
            SELECT url_decode(path), size, row_count FROM (
                SELECT version, json ->> '$.add.path' AS path, true AS added, CAST(json ->> '$.add.size' AS BIGINT) AS size,
                    CAST((json ->> '$.add.stats') ->> '$.numRecords' AS BIGINT) AS row_count
                FROM action WHERE json_exists(json, '$.add')
                UNION ALL
                SELECT version, json ->> '$.remove.path', false, 0, 0 FROM action WHERE json_exists(json, '$.remove'))
            WHERE version <= {(version ?? Newest).ToString(CultureInfo.InvariantCulture)}
            QUALIFY row_number() OVER (PARTITION BY path ORDER BY version DESC, added DESC) = 1 AND added
            ORDER BY path
            """);
        foreach (var file in files.Where(f => f[2] is not null))
        {
            var path = Path.Combine(_table, (string)file[0]!);
            Assert.Equal((long)file[1]!, new FileInfo(path).Length);
            Assert.Equal(file[2], Query($"SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata({Quote(path)})").Single()[0]);
        }
        return [.. files.Select(f => (string)f[0]!)];
    }

    /// <summary>Other readers of Parquet files find the same rows in the files of the newest version.</summary>
    public Task OtherReadersMustAgreeAsync() => OtherParquetReaders.MustAgreeAsync(this, [.. ReadFiles().Select(f => Path.Combine(_table, f))]);

    /// <summary>Some columns of all rows.</summary>
    public IReadOnlyList<object?[]> ReadRows(string columns)
    {
        var files = ReadFiles();
        return files.Count == 0
            ? []
            : Query(
                $"""
                SELECT {columns}
                FROM read_parquet([{string.Join(", ", files.Select(f => Quote(Path.Combine(_table, f))))}], union_by_name = true)
                """);
    }

    /// <summary>The progress of an application at the newest version; 0 for none. It has never gone back.</summary>
    public long FindTransaction(string appId)
    {
        var all = Query(
            $"""
            SELECT version, CAST(json ->> '$.txn.version' AS BIGINT) FROM action WHERE json ->> '$.txn.appId' = {Quote(appId)} ORDER BY version
            """).Select(r => (long)r[1]!).ToList();
        Assert.Equal(all.Order(), all);
        return all.Count == 0 ? 0 : all[^1];
    }

    /// <summary>Each checkpoint has the files and the progress that the entries up to its version have.</summary>
    public void CheckpointsMustAgree()
    {
        foreach (var checkpoint in Directory.EnumerateFiles(Path.Combine(_table, "_delta_log"), "*.checkpoint.parquet"))
        {
            var version = long.Parse(Path.GetFileName(checkpoint)[..20], CultureInfo.InvariantCulture);
            var files = Query($"SELECT url_decode(add.path) FROM read_parquet({Quote(checkpoint)}) WHERE add IS NOT NULL ORDER BY add.path");
            Assert.Equal(ReadFiles(version), files.Select(f => (string)f[0]!));
            Assert.Equal(
                Texts(
                    $"""
                    SELECT json ->> '$.txn.appId', CAST(arg_max(CAST(json ->> '$.txn.version' AS BIGINT), version) AS VARCHAR)
                    FROM action WHERE json_exists(json, '$.txn') AND version <= {version} GROUP BY ALL ORDER BY ALL
                    """),
                Texts($"SELECT txn.appId, CAST(txn.version AS VARCHAR) FROM read_parquet({Quote(checkpoint)}) WHERE txn IS NOT NULL ORDER BY ALL"));
        }
    }

    public IReadOnlyList<object?[]> Query(string sql) => _duckDb.Query(sql);

    public static string Quote(string text) => DuckDb.Quote(text);

    public void Dispose() => _duckDb.Dispose();

    private IEnumerable<string> Texts(string sql) => Query(sql).Select(r => string.Join('|', r));
}
