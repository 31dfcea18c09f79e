using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Engine;

namespace PeakS3Feed.Tests.Store;

/// <summary>Tables on S3 and partitions of feeds, through the editor, <c>set</c> and imports.</summary>
public sealed class TableOnS3StoreTests
{
    private static readonly S3ExternalDestination Tables = new() { Name = "tables", ConnectionName = "lake", RootPath = "tables/" };

    private static readonly S3Feed Orders = TestCommands.Orders with { DestinationNames = ["tables"] };

    [Fact]
    public async Task A_feed_with_partitions_needs_a_destination_that_has_them()
    {
        using var test = await WithTablesAsync();
        var error = await test.RefusedAsync("FeedInvalid", c => c.AddAsync(TestCommands.Orders with { PartitionBy = ["country"] }));
        Assert.Contains("PartitionBy divides tables on S3, but local (SQLite) has no partitions.", error.Message, StringComparison.Ordinal);
        await test.Commands.AddAsync(Orders with { PartitionBy = ["country", "year(at)"] });
        await test.RefusedAsync("FeedInvalid", c => c.EditFeedAsync("orders", f => f with { DestinationNames = ["local"] }));
        Assert.Equal(["country", "year(at)"], (await test.StoredAsync()).GetFeed("orders").PartitionBy);
    }

    [Fact]
    public async Task Set_takes_partitions_as_a_list_and_refuses_wrong_ones()
    {
        using var test = await WithTablesAsync();
        await test.Commands.AddAsync(Orders);
        var result = await test.Commands.SetFeedAsync("orders", [new("partitionBy", "country,year(at)")]);
        Assert.Equal(["country", "year(at)"], result.Now.PartitionBy);
        Assert.Equal([], (await test.Commands.SetFeedAsync("orders", [new("partitionBy", "")])).Now.PartitionBy);
        var error = await test.RefusedAsync("SettingInvalid", c => c.SetFeedAsync("orders", [new("partitionBy", "hour(at)")]));
        Assert.Contains("hour(at)", error.Message, StringComparison.Ordinal);
        await test.RefusedAsync("SettingInvalid", c => c.SetFeedAsync("orders", [new("partitionBy", "country"), new("destinationNames", "local")]));
    }

    [Fact]
    public async Task Set_changes_a_destination()
    {
        using var test = await WithTablesAsync();
        var result = await test.Commands.SetDestinationAsync(
            "tables", [new("compression", "snappy"), new("fileSizeMiB", "64"), new("spectrumManifest", "true"), new("rootPath", "other/")]);
        Assert.Equal(["\"Snappy\"", "64", "true", "\"other/\""], result.Changes.Select(c => c.After));
        var error = await test.RefusedAsync("SettingInvalid", c => c.SetDestinationAsync("tables", [new("compression", "gzip")]));
        Assert.Contains("must be Zstd or Snappy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_says_where_partitions_do_not_fit()
    {
        using var test = await WithTablesAsync();
        await test.Commands.AddAsync(Orders with { PartitionBy = ["country"] });
        var text = """
            { "feeds": [ { "name": "returns", "connectionName": "lake", "path": "in/returns/", "partitionBy": ["country"] } ] }
            """;
        var report = DefinitionImport.Read(System.Text.Encoding.UTF8.GetBytes(text), await test.StoredAsync());
        var problem = Assert.Single(report.Problems);
        Assert.Contains("local (SQLite) has no partitions", problem.Message, StringComparison.Ordinal);
        Assert.Equal((1, "$.feeds[0].partitionBy"), (problem.Line, problem.Path));
    }

    [Fact]
    public async Task A_feed_may_not_read_the_files_of_its_table()
    {
        using var test = await WithTablesAsync();
        await test.Commands.AddAsync(Orders with { Path = "in/" });
        // CSV files alone are none of a table's.
        var error = await test.RefusedAsync("StageWouldBeRead", c => c.EditFeedAsync("orders", f => f.WithFileType(FileType.Json)));
        Assert.Equal("The feed orders would read the files of a table of the destination tables in s3://acme-lake/in/tables/orders/.", error.Message);
        Assert.Contains("another connection or root path", error.Hint, StringComparison.Ordinal);
        await test.Commands.EditFeedAsync("orders", f => f.WithFileType(FileType.Json) with { Exclude = ["tables/**"] });
    }

    [Fact]
    public async Task A_folder_without_the_feeds_table_may_be_read()
    {
        using var test = await WithTablesAsync(Tables with { RootPath = "" });
        // The table is in in/orders_table/, and the feed reads in/orders/.
        await test.Commands.AddAsync(Orders.WithFileType(FileType.Json) with { Table = "orders_table" });
        await test.RefusedAsync("StageWouldBeRead", c => c.EditFeedAsync("orders", f => f with { Table = "orders" }));
        await test.RefusedAsync("StageWouldBeRead", c => c.AddAsync(Orders.WithFileType(FileType.Ndjson) with { Id = Guid.NewGuid(), Name = "other", Path = "in/orders_table/", Include = ["**"] }));
    }

    [Fact]
    public async Task A_connection_that_has_tables_is_not_removed()
    {
        using var test = await WithTablesAsync();
        await test.RefusedAsync("ConnectionInUse", c => c.RemoveConnectionAsync("lake"));
        await test.RefusedAsync("ConnectionInvalid", c => c.EditConnectionAsync("lake", l => l with { Anonymous = true, ExternalId = null }));
    }

    [Fact]
    public void Other_partitions_of_a_feed_that_has_loaded_are_warned_of()
    {
        var loaded = Orders with { Schema = new FeedSchema([new FeedColumn("country", "country", ColumnType.Text)]), PartitionBy = ["country"] };
        var consequence = Assert.Single(FeedConsequences.Find(loaded, loaded with { PartitionBy = [] }));
        Assert.True(consequence.IsWarning);
        Assert.Contains("keeps its partitions", consequence.Text, StringComparison.Ordinal);
        Assert.Equal("Reset-S3Feed -Name orders -DropTable", consequence.Remedy!.Cmdlet);
        Assert.Empty(FeedConsequences.Find(loaded, loaded with { PartitionBy = ["COUNTRY"] }));
    }

    private static async Task<TestCommands> WithTablesAsync(S3ExternalDestination? tables = null)
    {
        var test = new TestCommands();
        await test.Engine.Store.UpdateAsync(d => d.With(TestCommands.Lake with { Status = ConnectionStatus.Verified, ExternalId = "ext-1" }).With(tables ?? Tables));
        return test;
    }
}
