using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Engine;

namespace PeakS3Feed.Tests.Store;

/// <summary>Destinations name connections, as feeds do.</summary>
public sealed class DestinationConnectionTests
{
    private static readonly S3Connection Lake = new() { Name = "lake", Region = "eu-west-1", BucketName = "acme-lake" };

    private static readonly RedshiftDestination Warehouse = new()
    {
        Name = "dwh", WorkgroupName = "analytics", Region = "eu-west-1", Database = "dev", StagingConnection = "LAKE", SortKey = ["at", "id"],
    };

    private static readonly StoreDefinitions Current = StoreDefinitions.Empty.With(Lake).With(Warehouse);

    [Fact]
    public async Task A_destination_with_an_unknown_connection_is_not_added()
    {
        using var test = new TestCommands();
        await test.Commands.AddAsync(Lake with { Name = "sea" });
        var error = await test.RefusedAsync("ConnectionNotFound", c => c.AddAsync(Warehouse));
        Assert.Equal("The destination \"dwh\" names the connection \"LAKE\", which does not exist.", error.Message);
        Assert.Equal("It has sea.", error.Hint);
    }

    [Fact]
    public async Task A_destination_does_not_get_an_unknown_connection()
    {
        using var test = await WithWarehouseAsync();
        await test.RefusedAsync("ConnectionNotFound", c => c.EditDestinationAsync("dwh", d => (RedshiftDestination)d with { StagingConnection = "pond" }));
        await test.Commands.AddAsync(Lake with { Name = "open", Anonymous = true });
        var error = await test.RefusedAsync("DestinationInvalid", c => c.EditDestinationAsync("dwh", d => (RedshiftDestination)d with { StagingConnection = "open" }));
        Assert.Contains("The connection open is anonymous", error.Message, StringComparison.Ordinal);
        await test.RefusedAsync("DestinationInvalid", c => c.AddAsync(Warehouse with { Name = "two", StagingConnection = "open" }));
    }

    [Fact]
    public async Task A_connection_that_a_destination_uses_is_not_removed()
    {
        using var test = await WithWarehouseAsync();
        var error = await test.RefusedAsync("ConnectionInUse", c => c.RemoveConnectionAsync("lake"));
        Assert.Equal("The connection \"lake\" cannot be removed: the destination dwh uses it.", error.Message);
        Assert.Equal("Remove the destination first, or let it use another connection.", error.Hint);

        await test.Commands.AddAsync(new S3Feed { Name = "orders", ConnectionName = "lake", Path = "orders/" });
        await test.Commands.AddAsync(new S3Feed { Name = "returns", ConnectionName = "lake", Path = "returns/" });
        error = await test.RefusedAsync("ConnectionInUse", c => c.RemoveConnectionAsync("lake"));
        Assert.Contains("the feeds orders, returns and the destination dwh use it.", error.Message, StringComparison.Ordinal);
        Assert.Equal("Remove these feeds and destinations first, or let them use another connection.", error.Hint);

        await test.Commands.RemoveDestinationAsync("dwh");
        Assert.Contains("feeds orders, returns use it.", (await test.RefusedAsync("ConnectionInUse", c => c.RemoveConnectionAsync("lake"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_stays_usable_for_its_destinations()
    {
        using var test = await WithWarehouseAsync();
        var error = await test.RefusedAsync("ConnectionInvalid", c => c.EditConnectionAsync("lake", l => l with { Anonymous = true, ExternalId = null }));
        Assert.Contains("The destination dwh uses this connection: the connection lake is anonymous", error.Message, StringComparison.Ordinal);
        await test.RefusedAsync("SettingInvalid", c => c.SetConnectionAsync("lake", [new("endpointUrl", Path.GetTempPath())]));
        await test.Commands.EditConnectionAsync("lake", l => l with { RequesterPays = true });
    }

    // A file that was edited by hand must remain editable.
    [Fact]
    public async Task What_was_broken_before_does_not_prevent_other_changes()
    {
        using var test = await WithWarehouseAsync();
        var file = test.DefinitionsFile;
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"LAKE\"", "\"pond\"", StringComparison.Ordinal));
        await test.Commands.AddAsync(new S3Feed { Name = "orders", ConnectionName = "lake", Path = "orders/" });
        await test.Commands.EditDestinationAsync("dwh", d => (RedshiftDestination)d with { StagingConnection = "lake" });
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_writes_nothing()
    {
        using var test = await WithWarehouseAsync();
        await test.WritesNothingAsync(c => c.EditDestinationAsync("dwh", d => (RedshiftDestination)d with { SortKey = ["at", "id"] }));
    }

    [Fact]
    public void An_export_of_a_feed_has_the_connection_of_its_destination()
    {
        var feed = new S3Feed { Name = "orders", ConnectionName = "shop", DestinationNames = ["dwh"] };
        var all = Current.With(Lake with { Name = "shop" }).With(Lake with { Name = "unused" }).With(feed);
        var some = all.ForFeeds([feed], BuiltInDestinations.Kinds);
        Assert.Equal(["lake", "shop"], some.Connections.Select(c => c.Name));
        var import = DefinitionImport.Read(DefinitionExport.Write(some), StoreDefinitions.Empty);
        Assert.Empty(import.Problems);
        Assert.Equal(some.Destinations.Cast<RedshiftDestination>().Single().SortKey, import.Definitions.Destinations.Cast<RedshiftDestination>().Single().SortKey);
        Assert.Equal(["lake"], all.ForFeeds([feed with { ConnectionName = "lake" }], BuiltInDestinations.Kinds).Connections.Select(c => c.Name));
    }

    [Fact]
    public void An_import_finds_the_connection_in_the_document_or_in_the_store()
    {
        const string Destination = """{ "kind": "Redshift", "name": "two", "workgroupName": "analytics", "region": "eu-west-1", "database": "dev", "stagingConnection": "lakes" }""";
        var missing = Assert.Single(Import($$"""{ "destinations": [ {{Destination}} ] }""").Problems);
        Assert.Equal("$.destinations[0].stagingConnection", missing.Path);
        Assert.Equal("There is no connection \"lakes\", neither in the document nor in the store.", missing.Message);
        Assert.Equal("Did you mean lake?", missing.Hint);

        var complete = Import($$"""{ "destinations": [ {{Destination}} ], "connections": [ { "name": "lakes", "bucketName": "acme", "region": "eu-west-1" } ] }""");
        Assert.Empty(complete.Problems);

        var open = Import($$"""{ "destinations": [ {{Destination}} ], "connections": [ { "name": "lakes", "bucketName": "acme", "region": "eu-west-1", "anonymous": true } ] }""");
        Assert.Equal("$.destinations[0].stagingConnection", Assert.Single(open.Problems).Path);

        // The connection changes, the destination of the store does not.
        var changed = Assert.Single(Import("""{ "connections": [ { "name": "lake", "bucketName": "acme", "region": "eu-west-1", "anonymous": true } ] }""").Problems);
        Assert.Equal("$.connections[0].anonymous", changed.Path);
        Assert.StartsWith("The destination dwh uses this connection:", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_of_what_is_there_changes_nothing()
    {
        var again = DefinitionImport.Read(DefinitionExport.Write(Current), Current);
        Assert.All(again.Changes, c => Assert.Equal(ImportOutcome.Unchanged, c.Outcome));
        Assert.Same(Current, again.Definitions);
    }

    [Theory]
    [InlineData("""{ "kind": "Redshift", "name": "two", "database": "dev" }""", "$.destinations[0].stagingConnection", "stagingConnection is missing")]
    [InlineData("""{ "kind": "Redshift", "name": "two", "stagingConnection": "lake" }""", "$.destinations[0].database", "database is missing")]
    [InlineData("""{ "kind": "Redshift", "name": "two", "path": "w.db" }""", "$.destinations[0].path", "A Redshift destination has no path.")]
    [InlineData("""{ "kind": "Redshift", "name": "two", "partSizeMiB": "64" }""", "$.destinations[0].partSizeMiB", "partSizeMiB must be")]
    [InlineData("""{ "kind": "Redshift", "name": "two", "workgroup": "a" }""", "$.destinations[0].workgroup", "workgroup is not known")]
    public void A_document_with_a_mistake_names_its_place(string destination, string path, string message)
    {
        var problems = Import($$"""{ "destinations": [ {{destination}} ] }""").Problems;
        Assert.Contains(problems, p => p.Path == path && (p.Message + p.Hint).Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "peaks3feed-staging/", true)]
    [InlineData("/", "", true)]
    [InlineData("orders/", "peaks3feed-staging/", false)]
    [InlineData("orders/", "orders/stage/", true)]
    [InlineData("peaks3feed-staging/orders/", "peaks3feed-staging/", true)]
    [InlineData("peaks3feed/", "peaks3feed-staging/", false)]
    public async Task A_feed_does_not_read_staged_files(string path, string prefix, bool overlaps)
    {
        using var test = new TestCommands();
        await test.Commands.AddAsync(Lake);
        await test.Commands.AddAsync(Lake with { Name = "staging", EndpointUrl = "https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com" });
        await test.Commands.AddAsync(Warehouse with { StagingConnection = "staging", StagingPrefix = prefix });
        var feed = new S3Feed { Name = "orders", ConnectionName = "lake", Path = path };
        if (!overlaps)
        {
            await test.Commands.AddAsync(feed);
            return;
        }
        var error = await test.RefusedAsync("StageWouldBeRead", c => c.AddAsync(feed));
        Assert.Equal($"The feed orders would read the staged files of the destination dwh in s3://acme-lake/{prefix}.", error.Message);

        // Another bucket, or patterns that leave the files out
        await test.Commands.AddAsync(Lake with { Name = "other", BucketName = "acme-other" });
        await test.Commands.AddAsync(feed with { Id = Guid.NewGuid(), Name = "elsewhere", ConnectionName = "other" });
        await test.Commands.AddAsync(feed with { Exclude = ["**/*.csv.gz"] });
        await test.RefusedAsync("StageWouldBeRead", c => c.EditFeedAsync("orders", f => f with { Exclude = [] }));
        await test.Commands.EditFeedAsync("orders", f => f with { Exclude = [], Include = ["*.csv"] });
    }

    [Fact]
    public async Task A_destination_or_a_connection_does_not_change_so_that_a_feed_reads_staged_files()
    {
        using var test = await WithWarehouseAsync();
        await test.Commands.AddAsync(Lake with { Name = "shop", BucketName = "acme-shop", RootPath = "in/" });
        await test.Commands.AddAsync(new S3Feed { Name = "orders", ConnectionName = "shop" });
        await test.RefusedAsync("StageWouldBeRead", c => c.EditConnectionAsync("shop", s => s with { BucketName = Lake.BucketName, RootPath = "/" }));
        await test.RefusedAsync(
            "StageWouldBeRead", c => c.EditDestinationAsync("dwh", d => (RedshiftDestination)d with { StagingConnection = "shop" }));

        // What a person wrote into the file is found before a run, and does not prevent other changes.
        var file = test.DefinitionsFile;
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"LAKE\"", "\"shop\"", StringComparison.Ordinal));
        await test.Commands.AddAsync(Lake with { Name = "pond" });
        var error = await Assert.ThrowsAsync<FeedException>(() => test.Engine.PlanAsync("orders", accessKey: null, CancellationToken.None));
        Assert.Equal("StageWouldBeRead", error.Id);
    }

    private static ImportReport Import(string document) => DefinitionImport.Read(Encoding.UTF8.GetBytes(document), Current);

    private static async Task<TestCommands> WithWarehouseAsync()
    {
        var test = new TestCommands();
        await test.Commands.AddAsync(Lake);
        await test.Commands.AddAsync(Warehouse);
        return test;
    }
}
