using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Tests.Store;

/// <summary>
/// The text of definitions.json and of exports, byte for byte: what other versions and people's scripts read. A file of tests/Fixtures/definitions
/// changes only with a new format version. PEAKS3FEED_GOLDEN=1 writes the files again.
/// </summary>
public sealed class GoldenDefinitionsTests
{
    private static readonly string Ca = OperatingSystem.IsWindows() ? @"C:\ca.pem" : "/etc/ca.pem";

    private static readonly StoreDefinitions Full = new()
    {
        Connections =
        [
            new()
            {
                Name = "demo", Region = "eu-west-1", BucketName = "acme", RootPath = "in/", RoleArn = "arn:aws:iam::123456789012:role/peak", ExternalId = "x1",
                TrustedPrincipal = "arn:aws:iam::210987654321:root", EndpointUrl = "https://s3.example.org", StsEndpointUrl = "https://sts.example.org",
                ForcePathStyle = true, ProfileName = "wörk <&>", Anonymous = true, RequesterPays = true, KmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1",
                SessionDuration = new TimeSpan(1, 2, 3, 4), Status = ConnectionStatus.Verified,
            },
            new() { Name = "bare", BucketName = "b" },
        ],
        Destinations =
        [
            new SqliteDestination { Name = "file", Path = "w.db" },
            new PostgreSqlDestination
            {
                Name = "dwh", Host = "db.example.org", Port = 5433, Database = "dwh", Username = "loader", Password = "env:PGPASS", SslMode = "Require",
                RootCertificate = Ca, Schema = "raw",
            },
            new PostgreSqlDestination { Name = "plain", Host = "h", Database = "d" },
        ],
        Feeds =
        [
            new()
            {
                Id = Id(1), Name = "orders", ConnectionName = "demo", Path = "in/orders/", FileType = FileType.Ndjson,
                Csv = new CsvOptions
                {
                    Separator = "::", Quote = null, Escape = '\\', LineEnd = CsvLineEndRule.Cr, HasHeader = false, ColumnNames = ["a", "ü"], SkipRows = 2, NullValues = ["\\N", ""],
                },
                DateFormats = ["dd.MM.yyyy"], HistoricalDate = new DateOnly(2026, 1, 31), Include = ["**/*.csv"], Exclude = ["tmp/**"], LoadType = LoadType.Upsert,
                PrimaryKey = ["id"], DestinationNames = ["dwh"], Table = "orders_raw",
                Schema = new FeedSchema(
                [
                    new FeedColumn("id", "Id", ColumnType.BigInt, Nullable: false), new FeedColumn("price", "price", ColumnType.Decimal, 2) { InEveryFile = false },
                    new FeedColumn("at", "At", ColumnType.TimestampTz) { InEveryFile = true },
                ]),
                SchemaEvolution = SchemaEvolution.Strict, FailedRowThreshold = FailedRowThreshold.FromPercent(0.5m), OnBadFile = BadFileAction.Skip,
                EmptyPath = EmptyPathAction.Fail, OnChangedObject = ChangedObjectAction.Append, Discovery = ObjectDiscovery.Events, ReconcileEvery = TimeSpan.FromHours(12),
                AllowEmpty = true, CommitEveryBytes = 5, CommitEveryObjects = 7,
                AuditColumns = AuditColumns.None, AdoptTable = true, AssumeLoadedBefore = new DateTimeOffset(2026, 3, 1, 12, 30, 15, 500, TimeSpan.FromHours(2)),
                Tags = ["sales"], Enabled = false,
            },
            new() { Id = Id(2), Name = "bare", ConnectionName = "bare" },
            new() { Id = Id(3), Name = "auto", ConnectionName = "bare", Csv = new CsvOptions { Separator = null }, FailedRowThreshold = FailedRowThreshold.FromCount(25) },
            new() { Id = Id(4), Name = "comma", ConnectionName = "bare", Csv = new CsvOptions { Separator = ",", LineEnd = CsvLineEndRule.First, ColumnNames = [] } },
        ],
        Triggers =
        [
            new() { Id = Id(5), Name = "daily", FeedName = "orders", Kind = TriggerKind.Daily, At = new TimeOnly(7, 0), TimeZone = "Europe/Berlin", Misfire = MisfireAction.Skip, Since = Since },
            new() { Id = Id(6), Name = "weekly", FeedName = "orders", Kind = TriggerKind.Weekly, At = new TimeOnly(7, 0, 30), DaysOfWeek = [DayOfWeek.Monday, DayOfWeek.Sunday], Enabled = false },
            new() { Id = Id(7), Name = "every", FeedName = "orders", Kind = TriggerKind.Every, Every = TimeSpan.FromMinutes(90) },
            new() { Id = Id(8), Name = "cron", FeedName = "orders", Kind = TriggerKind.Cron, Cron = "0 5 * * *" },
            new() { Id = Id(9), Name = "once", FeedName = "orders", Kind = TriggerKind.Once, OnceAt = Since },
            new() { Id = Id(10), Name = "hook", FeedName = "orders", Kind = TriggerKind.Webhook, WebhookId = "abc", SecretHash = "hash", SigningKey = "env:KEY", Since = Since },
            new() { Id = Id(13), Name = "queue", FeedName = "orders", Kind = TriggerKind.Queue, Queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders" },
        ],
        Watchers =
        [
            new()
            {
                Id = Id(11), Name = "mail", FeedName = "orders", Kind = WatcherKind.Email, Events = [WatcherEvent.RunFailed, WatcherEvent.NothingArrived], LongerThan = TimeSpan.FromHours(2),
                ArrivesBy = new TimeOnly(9, 30), ArrivesOn = [DayOfWeek.Friday], TimeZone = "UTC", To = ["a@example.org"], From = "b@example.org", SmtpHost = "mail.example.org",
                SmtpPort = 587, Security = SmtpSecurity.None, Username = "u", Password = "env:SMTP", Enabled = false, Since = Since,
            },
            new() { Id = Id(12), Name = "post", FeedName = "*", Kind = WatcherKind.Webhook, Events = [], Url = "https://example.org/x?a=b&c=d", SigningKey = "env:KEY" },
        ],
    };

    private static readonly StoreDefinitions Redshift = new()
    {
        Connections = [new() { Name = "staging", Region = "eu-west-1", BucketName = "acme-staging" }],
        Destinations =
        [
            new RedshiftDestination
            {
                Name = "wire", Host = "dwh.abc123.eu-west-1.redshift.amazonaws.com", Port = 5440, Database = "dwh", Schema = "raw", Username = "loader", Password = "env:RSPASS",
                SslMode = "Require", RootCertificate = Ca, StagingConnection = "staging", StagingPrefix = "tmp/", IamRole = "arn:aws:iam::123456789012:role/copy", SliceCount = 16,
                PartSizeMiB = 128, LoadPath = LoadPath.Staged, DistKey = "id", SortKey = ["at", "id"],
            },
            new RedshiftDestination
            {
                Name = "cluster", ClusterIdentifier = "dwh", Database = "dwh", DbUser = "loader", ProfileName = "wörk", Region = "eu-west-1",
                EndpointUrl = "https://vpce-1.redshift-data.eu-west-1.vpce.amazonaws.com", StagingConnection = "staging",
            },
            new RedshiftDestination
            {
                Name = "serverless", WorkgroupName = "analytics", Database = "dev", Region = "eu-west-1", StagingConnection = "staging",
                SecretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift-loader-AbCdEf",
            },
        ],
    };

    private static readonly StoreDefinitions Snowflake = new()
    {
        Connections = [new() { Name = "staging", Region = "eu-west-1", BucketName = "acme-staging" }],
        Destinations =
        [
            new SnowflakeDestination
            {
                Name = "keypair", Account = "acme-sales", EndpointUrl = "https://acme-sales.privatelink.snowflakecomputing.com", Username = "LOADER",
                PrivateKey = "env:SFKEY", PrivateKeyPassphrase = "env:SFPASS", Role = "LOAD", Warehouse = "LOAD_WH", Database = "\"Sales\"", Schema = "RAW",
                Stage = "OPS.\"Stage\"", SourceStage = "OPS.OBJECTS", LoadPath = LoadPath.Direct, StagingConnection = "staging", StagingPrefix = "tmp/", PartSizeMiB = 200,
                IntegrationRole = "arn:aws:iam::123456789012:role/copy",
            },
            new SnowflakeDestination { Name = "oauth", Account = "xy12345.eu-central-1", OAuthToken = "env:SFTOKEN", Database = "SALES", StagingConnection = "staging" },
            new SnowflakeDestination { Name = "token", Account = "acme-sales", AccessToken = "vault:Work/pat", Database = "SALES", StagingConnection = "staging" },
        ],
    };

    private static DateTimeOffset Since => new(2026, 3, 1, 12, 30, 15, TimeSpan.Zero);

    [Fact]
    public async Task The_file_of_a_store_is_written_letter_for_letter()
    {
        using var folder = new TemporaryFolder();
        var store = new DefinitionStore(StorePaths.Resolve(folder.Path));
        await store.UpdateAsync(_ => Full);
        await AssertGoldenAsync("store.json", await File.ReadAllBytesAsync(store.Paths.DefinitionsFile));
    }

    [Fact]
    public Task An_export_is_written_letter_for_letter() => AssertGoldenAsync("export.json", DefinitionExport.Write(Full));

    [Fact]
    public Task An_empty_export_is_written_letter_for_letter() => AssertGoldenAsync("empty.json", DefinitionExport.Write(StoreDefinitions.Empty));

    [Fact]
    public Task Redshift_destinations_are_written_letter_for_letter_and_read_again() => AssertReadAgainAsync("redshift.json", Redshift);

    [Fact]
    public Task Snowflake_destinations_are_written_letter_for_letter_and_read_again() => AssertReadAgainAsync("snowflake.json", Snowflake);

    [Fact]
    public async Task A_file_that_is_read_and_written_again_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var store = new DefinitionStore(StorePaths.Resolve(folder.Path));
        Directory.CreateDirectory(store.Paths.ConfigDirectory);
        var golden = await File.ReadAllBytesAsync(PathOf("unknown.json"));
        await File.WriteAllBytesAsync(store.Paths.DefinitionsFile, golden);
        await store.UpdateAsync(d => d with { Feeds = [.. d.Feeds] });
        Assert.Equal(Encoding.UTF8.GetString(golden), await File.ReadAllTextAsync(store.Paths.DefinitionsFile));
    }

    private static async Task AssertReadAgainAsync(string name, StoreDefinitions definitions)
    {
        using var folder = new TemporaryFolder();
        var store = new DefinitionStore(StorePaths.Resolve(folder.Path));
        await store.UpdateAsync(_ => definitions);
        await AssertGoldenAsync(name, await File.ReadAllBytesAsync(store.Paths.DefinitionsFile));
        var read = await new DefinitionStore(store.Paths).ReadAsync();
        await store.UpdateAsync(_ => read);
        await AssertGoldenAsync(name, await File.ReadAllBytesAsync(store.Paths.DefinitionsFile));
        Assert.All(read.Destinations, d => Assert.Empty(store.Kinds.Check(d)));
    }

    private static Guid Id(int number) => new(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    private static async Task AssertGoldenAsync(string name, byte[] text)
    {
        if (Environment.GetEnvironmentVariable("PEAKS3FEED_GOLDEN") == "1")
            await File.WriteAllBytesAsync(PathOf(name), text);
        var written = Encoding.UTF8.GetString(text);
        if (OperatingSystem.IsWindows())
            written = written.Replace(@"C:\\ca.pem", "/etc/ca.pem", StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(PathOf(name)), written);
    }

    private static string PathOf(string name) => Repository.PathOf($"tests/Fixtures/definitions/{name}");
}
