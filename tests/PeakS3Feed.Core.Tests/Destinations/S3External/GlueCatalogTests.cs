using System.Text.Json.Nodes;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.TestServers.GlueApi;
using PeakS3Feed.TestServers.RedshiftApi;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>The registration in the Glue catalog, against a server that checks signatures and keeps tables.</summary>
public sealed class GlueCatalogTests : IAsyncLifetime
{
    private static readonly AccessKey Key = new("AKIAFAKE", "hushhush");

    private readonly TemporaryFolder _folder = new();
    private readonly TableStore _store;
    private FakeGlue _glue = null!;

    public GlueCatalogTests() => _store = new(new FolderTablesKind(_folder.Path).Kinds);

    public async Task InitializeAsync()
    {
        _glue = await FakeGlue.StartAsync();
        _glue.Keys["AKIAFAKE"] = "hushhush";
    }

    public async Task DisposeAsync()
    {
        await _glue.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_signed_call_creates_the_table()
    {
        await _store.StoreAsync(feed: TableStore.Orders with { PartitionBy = ["country", "year(ordered_at)", "date(shipped_at)"] });
        var registered = await RegisterAsync();

        Assert.Equal(
            new GlueRegistration("default", "orders", "s3://acme-data/incoming/lake/orders/", GlueOutcome.Created)
            {
                FeedName = "orders", DestinationName = "lake", ColumnsNote = "The columns are those of feed orders, because there is no table yet.",
            },
            registered);
        var request = Assert.Single(_glue.Requests);
        Assert.Equal("AWSGlue.CreateTable", request.Header("X-Amz-Target"));
        Assert.Equal("application/x-amz-json-1.1", request.Header("Content-Type"));
        Assert.Contains("/eu-west-1/glue/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, ", request.Header("Authorization"), StringComparison.Ordinal);
        AssertJson(
            """
            { "DatabaseName": "default",
              "TableInput": {
                "Name": "orders", "TableType": "EXTERNAL_TABLE",
                "Parameters": { "EXTERNAL": "TRUE", "table_type": "DELTA", "spark.sql.sources.provider": "delta" },
                "StorageDescriptor": {
                  "Columns": [
                    { "Name": "id", "Type": "bigint" }, { "Name": "paid", "Type": "boolean" }, { "Name": "amount", "Type": "decimal(38,2)" },
                    { "Name": "weight", "Type": "double" }, { "Name": "day", "Type": "date" }, { "Name": "ordered_at", "Type": "timestamp" },
                    { "Name": "shipped_at", "Type": "timestamp" }, { "Name": "lines", "Type": "string" },
                    { "Name": "peakauditcreatedat", "Type": "timestamp" }, { "Name": "peakauditfilename", "Type": "string" },
                    { "Name": "peakauditrequestid", "Type": "string" } ],
                  "Location": "s3://acme-data/incoming/lake/orders/",
                  "InputFormat": "org.apache.hadoop.mapred.SequenceFileInputFormat",
                  "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
                  "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    "Parameters": { "serialization.format": "1", "path": "s3://acme-data/incoming/lake/orders/" } } },
                "PartitionKeys": [
                  { "Name": "country", "Type": "string" }, { "Name": "ordered_at_year", "Type": "int" }, { "Name": "shipped_at_date", "Type": "date" } ] } }
            """,
            JsonNode.Parse(request.Text)!);
    }

    [Fact]
    public async Task A_table_that_exists_gets_the_columns_of_today_and_keeps_what_others_added()
    {
        await _store.StoreAsync(feed: TableStore.Orders with { Schema = new(TableStore.Orders.Schema!.Columns.Take(1)) });
        await RegisterAsync();
        var table = _glue.Tables["default.orders"];
        table["Description"] = "Orders of the shop";
        table["Owner"] = "sales";
        table["Parameters"]!["classification"] = "delta";
        table["Parameters"]!["table_type"] = "OTHER";
        await _store.StoreAsync();

        Assert.Equal(GlueOutcome.Updated, (await RegisterAsync()).Outcome);
        var now = _glue.Tables["default.orders"];
        Assert.Equal(12, now["StorageDescriptor"]!["Columns"]!.AsArray().Count);
        Assert.Equal(("Orders of the shop", "sales"), ((string?)now["Description"], (string?)now["Owner"]));
        Assert.Equal(("delta", "DELTA"), ((string?)now["Parameters"]!["classification"], (string?)now["Parameters"]!["table_type"]));
        Assert.Equal(["CreateTable", "CreateTable", "GetTable", "UpdateTable"], _glue.Requests.Select(r => r.Operation));
    }

    [Theory]
    [InlineData("s3a://acme-data/incoming/lake/orders", true)]
    [InlineData("s3://acme-data/incoming/lake/orders2/", false)]
    [InlineData("s3://other/incoming/lake/orders/", false)]
    public async Task A_table_of_that_name_for_another_folder_stays_as_it_is(string location, bool isSame)
    {
        await _store.StoreAsync();
        await RegisterAsync();
        _glue.Tables["default.orders"]["StorageDescriptor"]!["Location"] = location;
        if (isSame)
        {
            Assert.Equal(GlueOutcome.Updated, (await RegisterAsync()).Outcome);
            return;
        }
        var error = await TableStore.FailsAsync("GlueTableTaken", RegisterAsync);
        Assert.Contains(location, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("UpdateTable", _glue.Requests.Select(r => r.Operation));
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_named_with_what_to_do()
    {
        await _store.StoreAsync();
        var error = await TableStore.FailsAsync("GlueDatabaseMissing", () => RegisterAsync("Sales"));
        Assert.Contains("no database sales", error.Message, StringComparison.Ordinal);
        Assert.Contains("CREATE DATABASE sales", error.Hint, StringComparison.Ordinal);
        _glue.Databases["sales"] = true;
        Assert.Equal("sales", (await RegisterAsync("Sales")).Database);
    }

    [Fact]
    public async Task A_denial_names_the_action_and_the_table()
    {
        await _store.StoreAsync();
        _glue.Fail("CreateTable", ApiFault.AccessDenied("glue:CreateTable"));
        var error = await TableStore.FailsAsync("GlueDenied", RegisterAsync);
        Assert.StartsWith("glue:CreateTable is denied for table orders in the database default of the Glue catalog in eu-west-1: User: arn:aws", error.Message, StringComparison.Ordinal);
        Assert.Equal(("AccessDeniedException", "lake", "99999999-2222-3333-4444-555555555555"), (error.ServiceCode, error.Target, error.RequestId));
        Assert.Contains("glue:UpdateTable", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_credentials_a_bad_request_and_a_dead_service_are_three_errors()
    {
        await _store.StoreAsync();
        _glue.Keys["AKIAFAKE"] = "other";
        await TableStore.FailsAsync("GlueLoginRefused", RegisterAsync);
        _glue.Keys["AKIAFAKE"] = "hushhush";
        _glue.Fail("CreateTable", new() { Code = "InvalidInputException", Message = "Column is not valid" });
        Assert.Contains("Column is not valid", (await TableStore.FailsAsync("GlueFailed", RegisterAsync)).Message, StringComparison.Ordinal);
        await _glue.DisposeAsync();
        var error = await TableStore.FailsAsync("GlueUnreachable", RegisterAsync);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_of_a_service_is_refused_before_a_call()
    {
        await _store.StoreAsync();
        foreach (var url in new[] { "http://glue.example.org", "https://glue.example.org/api", "glue" })
        {
            await TableStore.FailsAsync("EndpointInvalid", () => _store.Engine.DescribeGlueTableAsync("orders", null, null, url, default));
            await TableStore.FailsAsync("EndpointInvalid", () => _store.Engine.RegisterTableAsync("orders", null, null, url, Key, default));
        }
        Assert.Empty(_glue.Requests);
    }

    [Fact]
    public async Task Nothing_is_asked_where_the_table_cannot_be_registered()
    {
        await _store.StoreAsync(connection: TestPolicy.Draft with { EndpointUrl = "https://s3.example.org" });
        await TableStore.FailsAsync("TableNotReadable", RegisterAsync);
        await TableStore.FailsAsync("TableNotReadable", () => _store.Engine.DescribeGlueTableAsync("orders", null, null, null, default));
        await _store.StoreAsync(feed: TableStore.Orders with { Schema = null });
        await TableStore.FailsAsync("TableColumnsUnknown", RegisterAsync);
        Assert.Empty(_glue.Requests);
    }

    private Task<GlueRegistration> RegisterAsync() => RegisterAsync(null);

    private Task<GlueRegistration> RegisterAsync(string? database)
        => _store.Engine.RegisterTableAsync("orders", null, database, _glue.Url, Key, default);

    private static void AssertJson(string expected, JsonNode actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was {actual}");
}
