using System.Globalization;
using System.Text.Json;

namespace PeakS3Feed.TestLake;

/// <summary>
/// A reader of Delta tables that shares no code with the product: DuckDB computes the files of a table from its log by SQL, and reads them. For a
/// table in a folder, or one of a bucket that was copied to a folder.
/// <code>
/// using var table = new DeltaReplay(folder);
/// var rows = table.QueryRows("SELECT id, name FROM rows ORDER BY id");
/// </code>
/// The view <c>rows</c> has the columns of the table's schema, the partition columns among them.
/// </summary>
public sealed class DeltaReplay : IDisposable
{
    private readonly DuckDb _duckDb = new();
    private readonly string _folder;

    /// <summary>Replays the log.</summary>
    /// <param name="folder">The folder of the table.</param>
    /// <param name="useCheckpoint">Whether the newest checkpoint is used; if not, the log must have all entries.</param>
    /// <param name="version">The version to replay to; null for the newest.</param>
    public DeltaReplay(string folder, bool useCheckpoint = true, long? version = null)
    {
        _folder = Path.GetFullPath(folder);
        ReadEntries(version ?? long.MaxValue);
        ReadCheckpoint(useCheckpoint, version ?? long.MaxValue);
        Run("""
            CREATE TABLE files AS
            SELECT name, size, "values", stats FROM (
                SELECT *, row_number() OVER (PARTITION BY name ORDER BY version DESC) AS place FROM actions)
            WHERE place = 1 AND kind = 'add'
            """);
        Version = (long)(Value("SELECT max(version) FROM versions") ?? -1L);
    }

    /// <summary>The version of the table.</summary>
    public long Version { get; }

    /// <summary>The names of the files, sorted.</summary>
    public IReadOnlyList<string> Files => [.. Query("SELECT name FROM files ORDER BY name").Select(r => (string)r[0]!)];

    /// <summary>The statistics of the files as JSON, by the name of the file.</summary>
    public IReadOnlyDictionary<string, string?> Statistics
        => Query("SELECT name, stats FROM files").ToDictionary(r => (string)r[0]!, r => (string?)r[1], StringComparer.Ordinal);

    /// <summary>The values of the partition columns of the files, by the name of the file; null for NULL.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> PartitionValues
        => Query("SELECT name, CAST(\"values\" AS VARCHAR) FROM files").ToDictionary(
            r => (string)r[0]!,
            r => (IReadOnlyDictionary<string, string?>)JsonSerializer.Deserialize<Dictionary<string, string?>>((string)r[1]!)!, StringComparer.Ordinal);

    /// <summary>The sizes of the files in bytes, by the name of the file.</summary>
    public IReadOnlyDictionary<string, long> Sizes
        => Query("SELECT name, size FROM files").ToDictionary(r => (string)r[0]!, r => (long)r[1]!, StringComparer.Ordinal);

    /// <summary>The protocol as JSON; a member may be null.</summary>
    public string Protocol => (string)Value("SELECT arg_max(protocol, version) FROM protocols")!;

    /// <summary>The schema as the log has it.</summary>
    public string Schema => (string)Value("SELECT arg_max(schema, version) FROM metadata")!;

    /// <summary>The progress of the applications by their ids.</summary>
    public IReadOnlyDictionary<string, long> Transactions => Query("SELECT app, arg_max(number, version) FROM transactions GROUP BY app")
        .ToDictionary(r => (string)r[0]!, r => (long)r[1]!, StringComparer.Ordinal);

    /// <summary>The columns: name and type, as the schema's JSON has them.</summary>
    public IReadOnlyList<(string Name, string Type)> Columns => [.. Query("""
        SELECT f->>'$.name', f->>'$.type' FROM (
            SELECT unnest(from_json(arg_max(schema, version)::JSON->'$.fields', '["JSON"]')) AS f FROM metadata)
        """).Select(r => ((string)r[0]!, (string)r[1]!))];

    /// <summary>The partition columns.</summary>
    public IReadOnlyList<string> PartitionColumns
        => [.. Query("SELECT unnest(arg_max(partitions, version)) FROM metadata").Select(r => (string)r[0]!)];

    /// <summary>The rows of a query, which may use the view <c>rows</c>. Null for NULL.</summary>
    public IReadOnlyList<object?[]> QueryRows(string sql)
    {
        CreateRows();
        return Query(sql);
    }

    /// <summary>The only value of a query, which may use the view <c>rows</c>.</summary>
    public object? ValueOfRows(string sql) => QueryRows(sql).Single().Single();

    /// <summary>Fails if a file of the table is missing or has another size than the log says.</summary>
    public void CheckFiles()
    {
        foreach (var row in Query("SELECT name, size FROM files"))
        {
            var file = new FileInfo(Path.Combine(_folder, (string)row[0]!));
            if (!file.Exists || file.Length != (long)row[1]!)
                throw new InvalidDataException($"{file.FullName} is missing, or has not {row[1]} bytes.");
        }
    }

    public void Dispose() => _duckDb.Dispose();

    private void ReadEntries(long to)
    {
        Run("CREATE TABLE actions (version BIGINT, kind VARCHAR, name VARCHAR, size BIGINT, \"values\" JSON, stats VARCHAR)");
        Run("CREATE TABLE transactions (version BIGINT, app VARCHAR, number BIGINT)");
        Run("CREATE TABLE metadata (version BIGINT, schema VARCHAR, partitions VARCHAR[])");
        Run("CREATE TABLE protocols (version BIGINT, protocol VARCHAR)");
        Run("CREATE TABLE versions (version BIGINT)");
        if (Directory.GetFiles(Log, "????????????????????.json").Length == 0)
            return;
        Run($"""
            CREATE TABLE entries AS
            SELECT regexp_extract(filename, '(\d+)\.json$', 1)::BIGINT AS version, json
            FROM read_json_objects(
                {Text(Log + "/" + new string('?', 20) + ".json")}, format = 'newline_delimited', filename = true, maximum_object_size = 268435456)
            WHERE version <= {to.ToString(CultureInfo.InvariantCulture)}
            """);
        Run("INSERT INTO versions SELECT DISTINCT version FROM entries");
        foreach (var kind in (string[])["add", "remove"])
        {
            Run($"""
                INSERT INTO actions
                SELECT version, '{kind}', url_decode(json->>'$.{kind}.path'), (json->>'$.{kind}.size')::BIGINT, json->'$.{kind}.partitionValues',
                    json->>'$.{kind}.stats'
                FROM entries WHERE json->>'$.{kind}.path' IS NOT NULL
                """);
        }
        Run("""
            INSERT INTO transactions SELECT version, json->>'$.txn.appId', (json->>'$.txn.version')::BIGINT
            FROM entries WHERE json->>'$.txn.appId' IS NOT NULL
            """);
        Run("""
            INSERT INTO metadata
            SELECT version, json->>'$.metaData.schemaString', from_json(json->'$.metaData.partitionColumns', '["VARCHAR"]')
            FROM entries WHERE json->>'$.metaData.id' IS NOT NULL
            """);
        Run("INSERT INTO protocols SELECT version, json->>'$.protocol' FROM entries WHERE json->>'$.protocol.minReaderVersion' IS NOT NULL");
    }

    // The entries up to the checkpoint are then of no account.
    private void ReadCheckpoint(bool use, long to)
    {
        var newest = Directory.GetFiles(Log, "*.checkpoint*.parquet")
            .Select(f => (File: f, Version: long.Parse(Path.GetFileName(f)[..20], CultureInfo.InvariantCulture)))
            .Where(c => use && c.Version <= to).GroupBy(c => c.Version).MaxBy(g => g.Key);
        if (newest is null)
        {
            var count = (long)Value("SELECT count(*) FROM versions")!;
            if (count > 0 && (long)Value("SELECT max(version) FROM versions")! != count - 1)
                throw new InvalidDataException("The log has a gap.");
            return;
        }
        var version = newest.Key.ToString(CultureInfo.InvariantCulture);
        foreach (var table in (string[])["actions", "transactions", "metadata", "protocols", "versions"])
            Run($"DELETE FROM {table} WHERE version <= {version}");
        var files = $"read_parquet([{string.Join(", ", newest.Select(c => Text(c.File)))}])";
        Run($"INSERT INTO versions VALUES ({version})");
        foreach (var (kind, stats) in (ReadOnlySpan<(string, string)>)[("add", "add.stats"), ("remove", "NULL")])
        {
            Run($"""
                INSERT INTO actions
                SELECT {version}, '{kind}', url_decode({kind}.path), {kind}.size, to_json({kind}.partitionValues), {stats}
                FROM {files} WHERE {kind}.path IS NOT NULL
                """);
        }
        Run($"INSERT INTO transactions SELECT {version}, txn.appId, txn.version FROM {files} WHERE txn.appId IS NOT NULL");
        Run($"INSERT INTO metadata SELECT {version}, metaData.schemaString, metaData.partitionColumns FROM {files} WHERE metaData.id IS NOT NULL");
        Run($"INSERT INTO protocols SELECT {version}, CAST(to_json(protocol) AS VARCHAR) FROM {files} WHERE protocol.minReaderVersion IS NOT NULL");
    }

    private void CreateRows()
    {
        var partitions = PartitionColumns;
        var files = Files;
        if (files.Count == 0)
        {
            var none = Columns.Select(c => $"NULL::{TypeOf(c.Type)} AS {Name(c.Name)}");
            Run($"CREATE OR REPLACE VIEW rows AS SELECT {string.Join(", ", none)} WHERE false");
            return;
        }
        var read = $"read_parquet([{string.Join(", ", files.Select(f => Text(_folder + "/" + f)))}], union_by_name = true, filename = '__file', "
            + "hive_partitioning = false)";
        var present = Query($"DESCRIBE SELECT * FROM {read}").Select(r => (string)r[0]!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = Columns.Select(c => partitions.Contains(c.Name)
            ? $"nullif(json_extract_string(f.\"values\", {Text("$.\"" + c.Name + "\"")}), '')::{TypeOf(c.Type)} AS {Name(c.Name)}"
            : present.Contains(c.Name) ? $"d.{Name(c.Name)}::{TypeOf(c.Type)} AS {Name(c.Name)}" : $"NULL::{TypeOf(c.Type)} AS {Name(c.Name)}");
        Run($"""
            CREATE OR REPLACE VIEW rows AS
            SELECT {string.Join(", ", columns)}, d.__file FROM {read} d JOIN files f ON d.__file = {Text(_folder + "/")} || f.name
            """);
    }

    private static string TypeOf(string delta) => delta switch
    {
        "string" => "VARCHAR",
        "long" => "BIGINT",
        "integer" => "INTEGER",
        "short" => "SMALLINT",
        "byte" => "TINYINT",
        "timestamp" => "TIMESTAMPTZ",
        "timestamp_ntz" => "TIMESTAMP",
        _ => delta.ToUpperInvariant(),
    };

    private string Log => _folder + "/_delta_log";

    private static string Name(string column) => '"' + column.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static string Text(string text) => DuckDb.Quote(text.Replace('\\', '/'));

    private object? Value(string sql) => _duckDb.Value(sql);

    private void Run(string sql) => _duckDb.Run(sql);

    private IReadOnlyList<object?[]> Query(string sql) => _duckDb.Query(sql);
}
