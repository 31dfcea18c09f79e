using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public class RoundTripTests
{
    private static readonly JsonSerializerOptions Plain = new() { WriteIndented = true };

    private static readonly S3Connection Connection = new()
    {
        Name = "demo",
        Region = "eu-west-1",
        BucketName = "acme",
        RootPath = "in/",
        RoleArn = "arn:aws:iam::123456789012:role/peak",
        ExternalId = "x1",
        TrustedPrincipal = "arn:aws:iam::210987654321:root",
        EndpointUrl = "https://s3.example.org",
        StsEndpointUrl = "https://sts.example.org",
        ForcePathStyle = true,
        ProfileName = "work",
        Anonymous = true,
        RequesterPays = true,
        KmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1",
        SessionDuration = TimeSpan.FromHours(2),
        MaxConnections = 12,
        Status = ConnectionStatus.Verified,
    };

    private static readonly PostgreSqlDestination Server = new()
    {
        Name = "dwh", Host = "db.example.org", Port = 5433, Database = "dwh", Username = "loader", Password = "env:PGPASS_DWH",
        SslMode = "Require", RootCertificate = Path.GetFullPath("/etc/ca.pem"), Schema = "raw",
    };

    private static readonly S3ExternalDestination Tables = new()
    {
        Name = "tables", ConnectionName = "demo", RootPath = "tables/", Compression = ParquetCompression.Snappy, FileSizeMiB = 64, RowGroupSizeMiB = 24,
        KmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1", SpectrumManifest = true,
    };

    private static readonly S3Feed Feed = new()
    {
        Name = "orders",
        ConnectionName = "demo",
        Path = "in/orders/",
        FileType = FileType.Ndjson,
        Encoding = FileEncoding.Utf16,
        Csv = new CsvOptions
        {
            Separator = "::", Quote = null, Escape = '\\', LineEnd = CsvLineEndRule.Cr, HasHeader = false, ColumnNames = ["a", "ü"], SkipRows = 2, NullValues = ["\\N"],
            CommentPrefix = "#", TrimValues = true, EmptyAsNull = true, SkipLastRows = 3, BooleanValues = ["1/0", "Y/N"], DecimalSeparator = ',', GroupSeparator = '.',
        },
        DateFormats = ["dd.MM.yyyy"],
        HistoricalDate = new DateOnly(2026, 1, 31),
        Include = ["**/*.csv"],
        Exclude = ["tmp/**"],
        LoadType = LoadType.Upsert,
        PrimaryKey = ["id"],
        PartitionBy = ["year(at)"],
        DestinationNames = ["tables"],
        Table = "orders_raw",
        Schema = new FeedSchema([
            new FeedColumn("id", "Id", ColumnType.BigInt, Nullable: false),
            new FeedColumn("price", "price", ColumnType.Decimal, 2),
            new FeedColumn("at", "At", ColumnType.TimestampTz)]),
        SchemaEvolution = SchemaEvolution.Strict,
        FailedRowThreshold = FailedRowThreshold.FromPercent(0.5m),
        OnBadFile = BadFileAction.Skip,
        EmptyPath = EmptyPathAction.Fail,
        Discovery = ObjectDiscovery.Events,
        ReconcileEvery = TimeSpan.FromHours(12),
        OnChangedObject = ChangedObjectAction.Append,
        AllowEmpty = true,
        CommitEveryBytes = 5,
        CommitEveryObjects = 7,
        AuditColumns = AuditColumns.None,
        AdoptTable = true,
        AssumeLoadedBefore = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero),
        Tags = ["sales"],
        Enabled = false,
    };

    [Fact]
    public async Task Every_property_of_every_definition_comes_back()
    {
        Assert.Empty(AtDefault(Feed, new S3Feed { Name = "", ConnectionName = "" }));
        Assert.Empty(AtDefault(Feed.Csv, new CsvOptions()));
        Assert.Empty(AtDefault(Connection, new S3Connection { Name = "", BucketName = "" }));
        Assert.Empty(AtDefault(Server, new PostgreSqlDestination { Name = "", Host = "", Database = "" }));
        Assert.Empty(AtDefault(Tables, new S3ExternalDestination { Name = "", ConnectionName = "" }));

        using var folder = new TemporaryFolder();
        var store = new DefinitionStore(StorePaths.Resolve(folder.Path));
        var written = await store.UpdateAsync(d => d.With(Connection).With(Server).With(Tables with { SpectrumManifest = false }).With(new SqliteDestination { Name = "w", Path = "w.db" }).With(Feed));
        var read = await store.ReadAsync();
        Assert.Equal(Text(written), Text(read));
        Assert.Equal(written.Destinations, read.Destinations);
    }

    [Theory]
    [InlineData(null, "Auto")]
    [InlineData("\t", "Tab")]
    [InlineData("|", "Pipe")]
    [InlineData(";", ";")]
    [InlineData(",", "Comma")] // given, and so not the same as none
    public void Separators_are_written_by_name(string? separator, string? written)
    {
        var feed = new S3Feed { Name = "f", ConnectionName = "c", Csv = new CsvOptions { Separator = separator } };
        var json = JsonNode.Parse(DefinitionExport.Write(StoreDefinitions.Empty.With(feed)))!["feeds"]![0]!;
        Assert.Equal(written, (string?)json["csv"]?["separator"]);
    }

    [Fact]
    public void Defaults_are_left_out()
    {
        var feed = new S3Feed { Name = "f", ConnectionName = "c" };
        var json = JsonNode.Parse(DefinitionExport.Write(StoreDefinitions.Empty.With(feed)))!["feeds"]![0]!.AsObject();
        Assert.Equal(["id", "name", "connectionName", "fileType", "loadType", "destinationNames"], json.Select(m => m.Key));
    }

    [Fact]
    public void An_export_holds_no_status_and_is_imported_as_it_is()
    {
        var open = new S3Connection { Name = "open", Region = "eu-west-1", BucketName = "public-data", Anonymous = true };
        var definitions = StoreDefinitions.Empty.With(Connection with { Anonymous = false }).With(open).With(Server).With(Tables with { SpectrumManifest = false })
            .With(Feed with { FileType = FileType.Csv, Discovery = ObjectDiscovery.List }); // JSON has none of the settings of CSV, and an Upsert lists
        var export = DefinitionExport.Write(definitions);
        Assert.DoesNotContain("Verified", Encoding.UTF8.GetString(export), StringComparison.Ordinal);
        var into = DefinitionImport.Read(export, StoreDefinitions.Empty);
        Assert.Empty(into.Problems);
        Assert.All(into.Changes, c => Assert.Equal(ImportOutcome.Added, c.Outcome));
        Assert.Equal(Feed.Id, into.Definitions.Feeds.Single().Id);
        var again = DefinitionImport.Read(export, definitions);
        Assert.All(again.Changes, c => Assert.Equal(ImportOutcome.Unchanged, c.Outcome));
        Assert.Same(definitions, again.Definitions);
    }

    private static string Text(StoreDefinitions definitions)
        => JsonSerializer.Serialize(definitions, Plain) + string.Join(
            "\n", definitions.Feeds.Select(f => f.FailedRowThreshold + JsonSerializer.Serialize(f.Schema)));

    // A property that is added to a definition and forgotten in its mapping must fail a test.
    private static IEnumerable<string> AtDefault<T>(T sample, T standard) => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.CanWrite && Equals(p.GetValue(sample), p.GetValue(standard))).Select(p => p.Name);
}
