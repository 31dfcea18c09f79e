using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Feeds;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>The statements for each engine, whole.</summary>
public sealed class TableDefinitionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TableStore _store;

    public TableDefinitionsTests() => _store = new(new FolderTablesKind(_folder.Path).Kinds);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Athena_takes_columns_and_partitions_from_the_log()
        => AssertText(
            """
            -- Athena runs one statement at a time. It reads columns and partitions from the table's log.
            CREATE EXTERNAL TABLE IF NOT EXISTS `default`.`orders`
            LOCATION 's3://acme-data/incoming/lake/orders/'
            TBLPROPERTIES ('table_type' = 'DELTA');
            """,
            await _store.DefineAsync(TableEngine.Athena));

    [Fact]
    public async Task Athena_creates_the_database_that_a_person_names()
        => AssertText(
            """
            CREATE DATABASE IF NOT EXISTS `sales``eu`;

            -- Athena runs one statement at a time. It reads columns and partitions from the table's log.
            CREATE EXTERNAL TABLE IF NOT EXISTS `sales``eu`.`orders 2026`
            LOCATION 's3://acme-data/incoming/lake/Orders 2026/'
            TBLPROPERTIES ('table_type' = 'DELTA');
            """,
            await _store.DefineAsync(TableEngine.Athena, feed: TableStore.Orders with { Table = "Orders 2026" }, database: "Sales`EU"));

    [Fact]
    public async Task Spectrum_lists_the_columns_with_its_types_over_the_manifest()
        => AssertText(
            """
            -- The columns are those of feed orders, because there is no table yet.
            -- The role of IAM_ROLE must be allowed to read the bucket and the Glue catalog. Redshift reads the files that the manifest names.
            CREATE EXTERNAL SCHEMA IF NOT EXISTS "spectrum"
            FROM DATA CATALOG DATABASE 'spectrum'
            IAM_ROLE default
            CREATE EXTERNAL DATABASE IF NOT EXISTS;

            CREATE EXTERNAL TABLE "spectrum"."orders" (
              "id" bigint,
              "country" varchar(65535),
              "paid" boolean,
              "amount" decimal(38,2),
              "weight" double precision,
              "day" date,
              "ordered_at" timestamp,
              "shipped_at" timestamp,
              "lines" varchar(65535),
              "peakauditcreatedat" timestamp,
              "peakauditfilename" varchar(65535),
              "peakauditrequestid" varchar(65535)
            )
            STORED AS PARQUET
            LOCATION 's3://acme-data/incoming/lake/orders/_spectrum_manifest/manifest';
            """,
            await _store.DefineAsync(TableEngine.Spectrum, TableStore.Lake with { SpectrumManifest = true }));

    [Fact]
    public async Task An_Upsert_has_one_more_audit_column_and_a_table_without_audit_has_none()
    {
        var lake = TableStore.Lake with { SpectrumManifest = true };
        var upsert = TableStore.Orders with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] };
        Assert.Contains("\n  \"peakauditupdatedat\" timestamp\n)", await _store.DefineAsync(TableEngine.Spectrum, lake, upsert), StringComparison.Ordinal);
        var bare = await _store.DefineAsync(TableEngine.Spectrum, lake, upsert with { AuditColumns = AuditColumns.None });
        Assert.Contains("\n  \"lines\" varchar(65535)\n)", bare, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snowflake_reads_the_log_through_a_volume_and_an_integration()
        => AssertText(
            """
            -- An administrator creates the volume and the integration once for all tables of the destination lake. Replace <ARN>
            -- by a role that may read them; DESC EXTERNAL VOLUME then shows whom the role must trust.
            CREATE EXTERNAL VOLUME IF NOT EXISTS "PEAKS3FEED_LAKE"
              STORAGE_LOCATIONS = ((
                NAME = 'lake'
                STORAGE_PROVIDER = 'S3'
                STORAGE_BASE_URL = 's3://acme-data/incoming/lake/'
                STORAGE_AWS_ROLE_ARN = '<ARN>'
              ))
              ALLOW_WRITES = FALSE;

            CREATE CATALOG INTEGRATION IF NOT EXISTS PEAKS3FEED_DELTA
              CATALOG_SOURCE = OBJECT_STORE
              TABLE_FORMAT = DELTA
              ENABLED = TRUE;

            -- The table takes up new loads by itself; ALTER ICEBERG TABLE … REFRESH does so at once.
            CREATE ICEBERG TABLE IF NOT EXISTS "SALES"."PUBLIC"."ORDERS"
              CATALOG = PEAKS3FEED_DELTA
              EXTERNAL_VOLUME = "PEAKS3FEED_LAKE"
              BASE_LOCATION = 'orders/'
              AUTO_REFRESH = TRUE;
            """,
            await _store.DefineAsync(TableEngine.Snowflake, database: "sales.public"));

    [Theory]
    [InlineData("us-gov-west-1", "S3GOV")]
    [InlineData("cn-north-1", "S3CHINA")]
    public async Task Snowflake_names_the_partition_of_the_bucket(string region, string provider)
        => Assert.Contains(
            $"STORAGE_PROVIDER = '{provider}'",
            await _store.DefineAsync(TableEngine.Snowflake, connection: TestPolicy.Draft with { Region = region, TrustedPrincipal = null }), StringComparison.Ordinal);

    [Fact]
    public async Task Databricks_reads_the_folder_of_an_external_location()
        => AssertText(
            """
            -- Needs an external location over s3://acme-data/incoming/lake/, and CREATE EXTERNAL TABLE on it. Columns and partitions come from the table's log.
            CREATE TABLE IF NOT EXISTS `main`.`sales`.`orders`
            USING DELTA
            LOCATION 's3://acme-data/incoming/lake/orders';
            """,
            await _store.DefineAsync(TableEngine.Databricks, database: "main.sales"));

    [Fact]
    public async Task Trino_registers_the_folder()
        => AssertText(
            """
            -- For a catalog with the name delta. Its properties need delta.register-table-procedure.enabled=true.
            CALL delta.system.register_table(
              schema_name => 'default',
              table_name => 'orders',
              table_location => 's3://acme-data/incoming/lake/orders');
            """,
            await _store.DefineAsync(TableEngine.Trino));

    [Fact]
    public async Task DuckDB_scans_the_folder_with_the_credentials_of_the_machine()
        => AssertText(
            """
            INSTALL delta;
            LOAD delta;

            -- The credentials of this machine: the environment, a profile or a role.
            CREATE OR REPLACE SECRET "peaks3feed_lake" (
              TYPE s3,
              PROVIDER credential_chain,
              SCOPE 's3://acme-data/incoming/lake/',
              REGION 'eu-west-1'
            );

            CREATE OR REPLACE VIEW "orders" AS
            SELECT * FROM delta_scan('s3://acme-data/incoming/lake/orders');
            """,
            await _store.DefineAsync(TableEngine.DuckDB));

    [Fact]
    public async Task DuckDB_finds_another_server_and_a_folder()
    {
        var ceph = TestPolicy.Draft with { EndpointUrl = "http://127.0.0.1:8000", ForcePathStyle = true };
        Assert.Contains(
            "  REGION 'eu-west-1',\n  ENDPOINT '127.0.0.1:8000',\n  USE_SSL false,\n  URL_STYLE 'path'\n",
            await _store.DefineAsync(TableEngine.DuckDB, connection: ceph), StringComparison.Ordinal);
        var folder = Path.Combine(Path.GetTempPath(), "my lake");
        var text = await _store.DefineAsync(TableEngine.DuckDB, connection: new() { Name = "acme", BucketName = "acme-data", EndpointUrl = folder, RootPath = "incoming/" });
        Assert.Contains($"delta_scan('{new Uri(folder).AbsoluteUri}/incoming/lake/orders');", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TableEngine.Athena, @"'s3://acme-data/it\'s/lake/orders/'")]
    [InlineData(TableEngine.Snowflake, "'s3://acme-data/it''s/lake/'")]
    [InlineData(TableEngine.Databricks, "'s3://acme-data/it\\'s/lake/orders'")]
    [InlineData(TableEngine.Trino, "'s3://acme-data/it''s/lake/orders'")]
    [InlineData(TableEngine.DuckDB, "'s3://acme-data/it''s/lake/orders'")]
    public async Task A_quote_in_the_folder_stays_in_the_text(TableEngine engine, string literal)
    {
        var feed = TableStore.Orders with { Path = "it's/orders/" };
        Assert.Contains(literal, await _store.DefineAsync(engine, feed: feed, connection: TestPolicy.Draft with { RootPath = "it's/" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_quoted_as_each_engine_reads_them()
    {
        Assert.Equal("`a``b`", EngineText.Identifier(TableEngine.Athena, "A`b"));
        Assert.Equal("`A``b`", EngineText.Identifier(TableEngine.Databricks, "A`b"));
        Assert.Equal("\"a\"\"b\"", EngineText.Identifier(TableEngine.Spectrum, "A\"b"));
        Assert.Equal("\"A\"\"B\"", EngineText.Identifier(TableEngine.Snowflake, "a\"b"));
        Assert.Equal("\"A\"\"b\"", EngineText.Identifier(TableEngine.DuckDB, "A\"b"));
        Assert.Equal(@"'a\\b''c'", EngineText.Literal(TableEngine.Snowflake, @"a\b'c"));
        Assert.Equal(@"'a\\b\'c'", EngineText.Literal(TableEngine.Databricks, @"a\b'c"));
    }

    [Theory]
    [InlineData(TableEngine.Athena)]
    [InlineData(TableEngine.Spectrum)]
    [InlineData(TableEngine.Snowflake)]
    [InlineData(TableEngine.Databricks)]
    [InlineData(TableEngine.Trino)]
    public async Task An_engine_elsewhere_cannot_read_a_folder_of_this_machine(TableEngine engine)
    {
        var folder = new S3Connection { Name = "acme", BucketName = "acme-data", EndpointUrl = Path.GetTempPath(), RootPath = "incoming/" };
        var error = await TableStore.FailsAsync("TableNotReadable", () => _store.DefineAsync(engine, TableStore.Lake with { SpectrumManifest = true }, connection: folder));
        Assert.Contains($"{engine} cannot read the table orders of lake: it is in a folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TableEngine.Athena)]
    [InlineData(TableEngine.Spectrum)]
    [InlineData(TableEngine.Snowflake)]
    public async Task An_engine_of_the_cloud_cannot_read_another_server(TableEngine engine)
    {
        var ceph = TestPolicy.Draft with { EndpointUrl = "https://s3.example.org" };
        var error = await TableStore.FailsAsync("TableNotReadable", () => _store.DefineAsync(engine, TableStore.Lake with { SpectrumManifest = true }, connection: ceph));
        Assert.Contains("is not on Amazon S3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spectrum_without_a_manifest_names_the_setting()
    {
        var error = await TableStore.FailsAsync("TableNotReadable", () => _store.DefineAsync(TableEngine.Spectrum));
        var remedy = Assert.Single(error.Remedies);
        Assert.Equal("Set-S3FeedDestination -Name lake -SpectrumManifest", remedy.Cmdlet);
        Assert.Equal("peaks3feed set lake spectrumManifest=true", remedy.Shell);
    }

    [Fact]
    public async Task Spectrum_cannot_read_partitions_with_or_without_a_manifest()
    {
        var error = await TableStore.FailsAsync(
            "TableNotReadable", () => _store.DefineAsync(TableEngine.Spectrum, feed: TableStore.Orders with { PartitionBy = ["Country", "year(day)"] }));
        Assert.Contains("is divided by Country, day_year, which a manifest cannot express", error.Message, StringComparison.Ordinal);
        Assert.Empty(error.Remedies);
    }

    [Fact]
    public async Task A_table_without_columns_yet_needs_a_run_where_the_definition_lists_them()
    {
        var feed = TableStore.Orders with { Schema = null };
        Assert.NotEmpty(await _store.DefineAsync(TableEngine.Athena, feed: feed));
        var error = await TableStore.FailsAsync("TableColumnsUnknown", () => _store.DefineAsync(TableEngine.Spectrum, TableStore.Lake with { SpectrumManifest = true }, feed));
        Assert.Equal("Invoke-S3Feed -Name orders", Assert.Single(error.Remedies).Cmdlet);
    }

    [Fact]
    public async Task Only_a_table_on_S3_has_a_definition()
    {
        await _store.StoreAsync(feed: TableStore.Orders with { DestinationNames = ["local"] });
        var error = await TableStore.FailsAsync("NotATableOnS3", () => _store.Engine.TableDefinitionAsync("orders", null, TableEngine.Athena, null, default));
        Assert.Contains("local (SQLite)", error.Message, StringComparison.Ordinal);
        error = await TableStore.FailsAsync("DestinationNotOfFeed", () => _store.Engine.TableDefinitionAsync("orders", "lake", TableEngine.Athena, null, default));
        Assert.Equal("It loads into local.", error.Hint);
    }

    // The files have the line ends of the checkout.
    private static void AssertText(string expected, string actual) => Assert.Equal(expected.ReplaceLineEndings("\n"), actual);
}
