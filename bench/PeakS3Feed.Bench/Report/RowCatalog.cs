using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Report;

/// <summary>The rows of the table and their goals.</summary>
internal static class RowCatalog
{
    /// <summary>The rows with a peer.</summary>
    public static IReadOnlyList<BenchRowInfo> Ratios { get; } =
    [
        new(BenchRows.PgCsv, "gzipped CSV into PostgreSQL, one transaction, against `psql \\copy FROM PROGRAM 'gzip -dc'`", 1.5, 2.0),
        new(BenchRows.PgBinary, "the same against psql's binary `\\copy` of a ready-made file", 0.88, 0.95),
        new(BenchRows.PgAudited, "with all audit columns, against `psql \\copy` of gzipped CSV without them", 1.4, 1.6) { IsAudited = true, PeerRow = BenchRows.PgCsv },
        new(BenchRows.PgCsvHelper, "the same against CsvHelper and NpgsqlBinaryImporter", 3, 4),
        new(BenchRows.PgLoader, "the same against pgloader", 20, 30),
        new(BenchRows.SqliteCsv, "gzipped CSV into SQLite, exact decimals, against sqlite3's `.import`", 1.3, 2.0),
        new(BenchRows.ReadCsv, "reading typed CSV, one thread, against DuckDB on one", 1.8, 3),
        new(BenchRows.ReadCsvGz, "reading typed gzipped CSV, two threads, against DuckDB on two", 2, 3),
        new(BenchRows.ReadNdjson, "reading typed NDJSON, one thread, against DuckDB on one", 1.5, 2),
        new(BenchRows.ReadJson, "reading a typed JSON array, one thread, against DuckDB on one", 1.0, 1.3),
        new(BenchRows.StageCsv, "gzipped CSV, typed, into gzipped CSV parts, two lanes, against DuckDB's `COPY TO` on two threads", 3, 6),
        new(BenchRows.StageLanes, "the same with two lanes on two processors, against one lane on one", 1.6, 1.9),
        new(BenchRows.ParquetCsv, "CSV, typed, into Parquet with zstd, two lanes, against DuckDB's `COPY TO` on two threads", 1.2, 1.5),
        new(BenchRows.ParquetCsvGz, "the same from gzipped CSV", 1.2, 1.5),
        new(BenchRows.TableUpsert, "1 % of 8 million rows, spread over all keys, upserted into 16 MiB files, against replacing all rows", 0.77, 1),
        new(BenchRows.TableAppend, "appending a file to a table of 10,000 commits, against one of ten", 0.77, 0.95),
        new(BenchRows.S3Objects, "10,000 objects of 10 KB from Ceph into SQLite, against the SDK's GETs alone, eight at once", 0.6, 0.9),
        new(BenchRows.PlanListing, "planning 1,000,000 objects when nothing is new, against draining the listing with the SDK", 0.5, 0.9),
        new(BenchRows.NetFolders, "planning 1,000,000 objects in 2,000 folders, 100 ms a page, against draining the listing with the SDK", 8, 12),
        new(BenchRows.NetFlat, "the same in one flat folder", 4, 8),
        new(BenchRows.NetObjects, "10,000 objects of 10 KB, 60 ms to the first byte, into SQLite, against `rclone copy --transfers 64` to a local disk", 1.2, 1.7),
        new(BenchRows.NetLarge, "a CSV of 2 GiB, 80 MB/s a connection, into batches, against one connection alone", 4, 5),
        new(BenchRows.NetGzip, "40 gzipped CSVs of 25 MB, 60 ms, 80 MB/s a connection, into batches: the share of the processors that is busy", 0.9, 0.95) { IsShare = true },
        new(BenchRows.StartIdle, "a run with nothing to do, CPU time, against the same program as `dotnet build` leaves it", 2.2, 5) { IsCpu = true },
    ];

    /// <summary>The rows about peak memory: the contest, its work, and the maximum of memory, required and desired, in MiB.</summary>
    public static IReadOnlyList<MemoryRowInfo> Memory { get; } =
    [
        new("stage", "gzipped CSV into gzipped CSV parts"),
        new(BenchRows.ParquetCsv, "CSV into Parquet", AtMost: 250, ReachFor: 200),
        new(BenchRows.ParquetCsvGz, "gzipped CSV into Parquet", AtMost: 250, ReachFor: 200),
        new(BenchRows.TableUpsert, "an Upsert into a table of 8 million rows", AtMost: 250, ReachFor: 200),
        new(BenchRows.MemoryCsv, "a gzipped CSV"),
        new(BenchRows.MemoryJson, "a JSON array"),
        new(BenchRows.PlanListing, "a listing of 1,000,000 objects against a ledger of 1,000,000"),
        new(BenchRows.NetFolders, "a plan of 1,000,000 new objects in 2,000 folders, 100 ms a page"),
        new(BenchRows.NetFlat, "a plan of 1,000,000 new objects in one folder, 100 ms a page"),
        new(BenchRows.NetObjects, "10,000 objects of 10 KB, 60 ms to the first byte"),
        new(BenchRows.NetLarge, "a CSV of 2 GiB, 80 MB/s a connection"),
        new(BenchRows.NetGzip, "40 gzipped CSVs of 25 MB, 80 MB/s a connection"),
        new(BenchRows.MemoryObjects, "100,000 small objects"),
    ];
}
