using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Report;

/// <summary>The rows of the table and their goals.</summary>
internal static class RowCatalog
{
    /// <summary>The maximum of memory, required and desired, in MiB.</summary>
    public const long MostMemory = 150, HopedMemory = 100;

    /// <summary>The rows with a peer.</summary>
    public static IReadOnlyList<BenchRowInfo> Ratios { get; } =
    [
        new(BenchRows.PgCsv, "gzipped CSV into PostgreSQL, one transaction, against `psql \\copy FROM PROGRAM 'gzip -dc'`", 1.5, 2.0),
        new(BenchRows.PgBinary, "the same against psql's binary `\\copy` of a ready-made file", 0.75, 0.95),
        new(BenchRows.PgCsvHelper, "the same against CsvHelper and NpgsqlBinaryImporter", 3, 4),
        new(BenchRows.PgLoader, "the same against pgloader", 20, 30),
        new(BenchRows.SqliteCsv, "gzipped CSV into SQLite, exact decimals, against sqlite3's `.import`", 1.3, 2.0),
        new(BenchRows.ReadCsv, "reading typed CSV, one thread, against DuckDB on one", 1.8, 3),
        new(BenchRows.ReadCsvGz, "reading typed gzipped CSV, two threads, against DuckDB on two", 2, 3),
        new(BenchRows.ReadNdjson, "reading typed NDJSON, one thread, against DuckDB on one", 1.0, 1.3),
        new(BenchRows.ReadJson, "reading a typed JSON array, one thread, against DuckDB on one", 1.0, 1.3),
        new(BenchRows.StageCsv, "gzipped CSV, typed, into gzipped CSV parts, two lanes, against DuckDB's `COPY TO` on two threads", 3, 6),
        new(BenchRows.StageLanes, "the same with two lanes on two processors, against one lane on one", 1.6, 1.9),
        new(BenchRows.S3Objects, "10,000 objects of 10 KB from Ceph into SQLite, against the SDK's GETs alone, eight at once", 0.6, 0.9),
        new(BenchRows.PlanListing, "planning 1,000,000 objects when nothing is new, against draining the listing with the SDK", 0.5, 0.9),
    ];

    /// <summary>The rows about peak memory: the contest and its work.</summary>
    public static IReadOnlyList<(string Id, string Work)> Memory { get; } =
    [
        ("stage", "gzipped CSV into gzipped CSV parts"),
        (BenchRows.MemoryCsv, "a gzipped CSV"),
        (BenchRows.MemoryJson, "a JSON array"),
        (BenchRows.PlanListing, "a listing of 1,000,000 objects against a ledger of 1,000,000"),
        (BenchRows.MemoryObjects, "100,000 small objects"),
    ];
}
