namespace PeakS3Feed.Bench.Suite;

/// <summary>The names of the rows, for --only.</summary>
internal static class BenchRows
{
    public const string PgCsv = "pg-csv";
    public const string PgBinary = "pg-binary";
    public const string PgAudited = "pg-audited";
    public const string PgCsvHelper = "pg-csvhelper";
    public const string PgLoader = "pg-pgloader";
    public const string SqliteCsv = "sqlite-csv";
    public const string ReadCsv = "read-csv";
    public const string ReadCsvGz = "read-csv-gz";
    public const string ReadNdjson = "read-ndjson";
    public const string ReadJson = "read-json";
    public const string S3Objects = "s3-objects";
    public const string MemoryCsv = "mem-csv";
    public const string MemoryJson = "mem-json";
    public const string MemoryObjects = "mem-objects";
    public const string StageCsv = "stage-csv";
    public const string StageLanes = "stage-lanes";
    public const string StageCeph = "stage-ceph";
    public const string ParquetCsv = "parquet-csv";
    public const string ParquetCsvGz = "parquet-csv-gz";
    public const string ParquetCeph = "parquet-ceph";
    public const string TableUpsert = "table-upsert";
    public const string TableAppend = "table-append";
    public const string SnowRequests = "snow-requests";
    public const string DirectRequests = "direct-requests";
    public const string PgStatements = "pg-statements";
    public const string PlanListing = "plan-listing";
    public const string NetFolders = "net-folders";
    public const string NetFlat = "net-flat";
    public const string NetObjects = "net-objects";
    public const string NetLarge = "net-large";
    public const string NetGzip = "net-gzip";
    public const string StartIdle = "start-idle";

    public static IReadOnlyList<string> All { get; } =
    [
        PgCsv, PgBinary, PgAudited, PgCsvHelper, PgLoader, SqliteCsv, ReadCsv, ReadCsvGz, ReadNdjson, ReadJson, S3Objects, PlanListing,
        MemoryCsv, MemoryJson, MemoryObjects, StageCsv, StageLanes, StageCeph, ParquetCsv, ParquetCsvGz, ParquetCeph,
        TableUpsert, TableAppend, SnowRequests, DirectRequests, PgStatements, NetFolders, NetFlat, NetObjects, NetLarge, NetGzip, StartIdle,
    ];
}
