using System.Text.Json;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.GlueApi;
using PeakS3Feed.Tests.Destinations.Delta;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>
/// Definitions that list columns have those of the table's log, which another feed or program may have extended. Before the first load, and where the
/// bucket cannot be reached, they have those of the feed, and say so.
/// </summary>
public sealed class TableColumnSourceTests : IDisposable
{
    private static readonly S3ExternalDestination Lake = TableStore.Lake with { SpectrumManifest = true };

    // Columns of ours and of another program, in an order that no feed has.
    private const string Columns = """
        {"type":"struct","fields":[
          {"name":"Country","type":"string","nullable":true,"metadata":{"peaks3feed.fieldId":2}},
          {"name":"id","type":"long","nullable":true,"metadata":{"peaks3feed.fieldId":1}},
          {"name":"amount","type":"decimal(38,4)","nullable":true,"metadata":{}},
          {"name":"ordered_at","type":"timestamp_ntz","nullable":true,"metadata":{}},
          {"name":"ordered_at_year","type":"integer","nullable":true,"metadata":{}},
          {"name":"shipped","type":"date","nullable":true,"metadata":{}},
          {"name":"ratio","type":"float","nullable":true,"metadata":{}},
          {"name":"price","type":"decimal(10,2)","nullable":true,"metadata":{}},
          {"name":"small","type":"byte","nullable":true,"metadata":{}},
          {"name":"photo","type":"binary","nullable":true,"metadata":{}},
          {"name":"tags","type":{"type":"array","elementType":"string","containsNull":true},"nullable":true,"metadata":{}},
          {"name":"place","type":{"type":"struct","fields":[{"name":"lat","type":"double","nullable":true,"metadata":{}},
            {"name":"names","type":{"type":"map","keyType":"string","valueType":"long","valueContainsNull":true},"nullable":true,"metadata":{}}]},
            "nullable":true,"metadata":{}}]}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderTablesKind _kind;
    private readonly TableStore _store;

    public TableColumnSourceTests()
    {
        _kind = new(_folder.Path);
        _store = new(_kind.Kinds);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Spectrum_gets_the_columns_of_the_log(bool feedHasColumns)
    {
        await CreateTableAsync();
        var feed = feedHasColumns ? TableStore.Orders : TableStore.Orders with { Schema = null };
        var text = await _store.DefineAsync(TableEngine.Spectrum, Lake, feed);

        Assert.Equal(
            """
            CREATE EXTERNAL TABLE "spectrum"."orders" (
              "country" varchar(65535),
              "id" bigint,
              "amount" decimal(38,4),
              "ordered_at" timestamp,
              "ordered_at_year" integer,
              "shipped" date,
              "ratio" real,
              "price" decimal(10,2),
              "small" smallint,
              "photo" varbyte,
              "tags" array<varchar(65535)>,
              "place" struct<lat:double precision,names:map<varchar(65535),bigint>>
            )
            """.ReplaceLineEndings("\n"),
            text[text.IndexOf("CREATE EXTERNAL TABLE", StringComparison.Ordinal)..text.IndexOf("\nSTORED AS", StringComparison.Ordinal)]);
        Assert.StartsWith("-- The role of IAM_ROLE", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_are_those_of_the_log()
    {
        await CreateTableAsync("Country", "ordered_at_year");
        var error = await TableStore.FailsAsync("TableNotReadable", () => _store.DefineAsync(TableEngine.Spectrum, Lake));
        Assert.Contains("is divided by Country, ordered_at_year", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_catalog_gets_the_columns_and_partitions_of_the_log()
    {
        await using var glue = await FakeGlue.StartAsync();
        glue.Keys["AKIAFAKE"] = "hushhush";
        await CreateTableAsync("Country", "ordered_at_year");
        await _store.StoreAsync(feed: TableStore.Orders with { PartitionBy = ["day"] });

        var registered = await _store.Engine.RegisterTableAsync("orders", null, null, glue.Url, new AccessKey("AKIAFAKE", "hushhush"), default);

        Assert.Null(registered.ColumnsNote);
        using var request = JsonDocument.Parse(Assert.Single(glue.Requests).Text);
        var input = request.RootElement.GetProperty("TableInput");
        Assert.Equal(
            [
                "id bigint", "amount decimal(38,4)", "ordered_at timestamp", "shipped date", "ratio float", "price decimal(10,2)", "small tinyint",
                "photo binary", "tags array<string>", "place struct<lat:double,names:map<string,bigint>>",
            ],
            Describe(input.GetProperty("StorageDescriptor").GetProperty("Columns")));
        Assert.Equal(["country string", "ordered_at_year int"], Describe(input.GetProperty("PartitionKeys")));

        static IEnumerable<string> Describe(JsonElement columns)
            => columns.EnumerateArray().Select(c => $"{c.GetProperty("Name").GetString()} {c.GetProperty("Type").GetString()}");
    }

    [Fact]
    public async Task Before_the_first_load_they_are_those_of_the_feed()
    {
        var text = await _store.DefineAsync(TableEngine.Spectrum, Lake);
        Assert.StartsWith("-- The columns are those of feed orders, because there is no table yet.\n", text, StringComparison.Ordinal);
        Assert.Contains("  \"peakauditrequestid\" varchar(65535)\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FeedErrorCategory.ConnectionError)]
    [InlineData(FeedErrorCategory.AuthenticationError)]
    [InlineData(FeedErrorCategory.PermissionDenied)]
    public async Task Where_the_log_cannot_be_read_they_are_those_of_the_feed(FeedErrorCategory category)
    {
        await CreateTableAsync();
        _kind.Failure = new FeedException("S3Failed", category, "S3 does not answer.");
        var text = await _store.DefineAsync(TableEngine.Spectrum, Lake);
        Assert.StartsWith("-- The columns are those of feed orders, because the table's log cannot be read.\n", text, StringComparison.Ordinal);

        await using var glue = await FakeGlue.StartAsync();
        glue.Keys["AKIAFAKE"] = "hushhush";
        var registered = await _store.Engine.RegisterTableAsync("orders", null, null, glue.Url, new AccessKey("AKIAFAKE", "hushhush"), default);
        Assert.Equal("The columns are those of feed orders, because the table's log cannot be read.", registered.ColumnsNote);
        await TableStore.FailsAsync(
            "TableColumnsUnknown", () => _store.DefineAsync(TableEngine.Spectrum, Lake, TableStore.Orders with { Schema = null }));
    }

    [Fact]
    public async Task A_broken_log_is_an_error()
    {
        await new FolderStagingArea(_folder.Path).TryCreateAsync("orders/" + DeltaLogNames.Entry(0), "{\"metaData\":"u8.ToArray(), default);
        await TableStore.FailsAsync("DeltaLogInvalid", () => _store.DefineAsync(TableEngine.Spectrum, Lake));
    }

    // The other engines read the log themselves, and nothing is read where the engine cannot read the table at all.
    [Fact]
    public async Task Only_a_definition_that_lists_columns_reads_the_log()
    {
        foreach (var engine in Enum.GetValues<TableEngine>().Where(e => e != TableEngine.Spectrum))
            await _store.DefineAsync(engine);
        await TableStore.FailsAsync("TableNotReadable", () => _store.DefineAsync(
            TableEngine.Spectrum, Lake, connection: Connections.Policies.TestPolicy.Draft with { EndpointUrl = "https://s3.example.org" }));
        Assert.Equal(0, _kind.Opened);
    }

    private async Task CreateTableAsync(params string[] partitions)
    {
        var log = new DeltaLog(new FolderStagingArea(Path.Combine(_folder.Path, "orders")), new ListLogger(), TimeProvider.System);
        Assert.Equal(new DeltaCommitted(0), await log.TryCommitAsync(
            0, Guid.NewGuid(), [new DeltaProtocol(3, 7) { ReaderFeatures = ["timestampNtz"], WriterFeatures = ["timestampNtz"] },
                DeltaTable.Metadata with { SchemaString = Columns, PartitionColumns = partitions }],
            default));
    }
}
