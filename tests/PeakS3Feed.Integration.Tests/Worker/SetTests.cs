using System.Globalization;

namespace PeakS3Feed.Integration.Worker;

/// <summary><c>peaks3feed set</c> on connections and destinations, and where several definitions have one name; DefinitionTests set feeds.</summary>
public sealed class SetTests
{
    private const string Server = """{ "kind": "PostgreSql", "name": "dwh", "host": "db.example.com", "database": "sales" }""";

    [Fact]
    public async Task A_sqlite_destination_gets_another_file_and_the_next_run_loads_into_it()
    {
        using var store = await WorkerStore.WithFeedAsync(feed: """, "destinationNames": [ "local" ]""");
        var (first, second) = (Path.Combine(store.Root, "first.db"), Path.Combine(store.Root, "second.db"));
        await ImportAsync(store, $$"""{ "kind": "Sqlite", "name": "warehouse", "path": "{{first}}" }""");
        (await store.RunAsync("set", "orders", "destinationNames=warehouse")).Exits(0);
        store.Put("in/a.csv", "id\n7\n");

        Assert.Equal($"warehouse: path: \"{first}\" -> \"{second}\"\n", (await store.RunAsync("set", "Warehouse", $"path={second}")).Exits(0).Output);

        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.False(File.Exists(first));
        Assert.Equal(7L, Assert.Single(WorkerStore.Query(second, "SELECT id FROM orders"))[0]);
    }

    [Fact]
    public async Task Settings_of_a_server_change_together_and_an_empty_value_returns_to_the_default()
    {
        using var store = new WorkerStore();
        await ImportAsync(store, Server);

        var set = (await store.RunAsync("set", "dwh", "port=6432", "sslMode=Require", "username=loader", "password=env:DWH_PASSWORD", "schema=raw")).Exits(0);
        Assert.Equal(
            """
            dwh: port: (default) -> 6432
            dwh: sslMode: (default) -> "Require"
            dwh: username: (default) -> "loader"
            dwh: password: (default) -> "env:DWH_PASSWORD"
            dwh: schema: (default) -> "raw"

            """.ReplaceLineEndings("\n"),
            set.Output);
        Assert.Contains("\"port\": 6432", (await store.RunAsync("export")).Exits(0).Output, StringComparison.Ordinal);

        Assert.Equal("dwh: port: 6432 -> (default)\n", (await store.RunAsync("set", "dwh", "port=")).Exits(0).Output);
        Assert.DoesNotContain("\"port\"", (await store.RunAsync("export")).Exits(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prot=1", "prot is not known.\n  Did you mean port?")]
    [InlineData("port=many", "port must be a whole number.")]
    [InlineData("port=70000", "port: 70000 ")]
    [InlineData("host=", "host is missing.")]
    [InlineData("password=hunter2", "password: ")]
    [InlineData("path=x.db", "A PostgreSql destination has no path.")]
    [InlineData("name=other", "The name of destination dwh cannot be changed.")]
    [InlineData("kind=Sqlite", "Destination dwh is of the kind PostgreSQL")]
    public async Task A_destination_refuses_what_an_import_refuses_and_stays_as_it_is(string setting, string message)
    {
        using var store = new WorkerStore();
        await ImportAsync(store, Server);
        var before = await DefinitionsAsync(store);

        var error = (await store.RunAsync("set", "dwh", "database=other", setting)).Exits(2).Error;

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.Equal(before, await DefinitionsAsync(store));
    }

    [Fact]
    public async Task Settings_of_a_warehouse_change_together_also_its_way_in()
    {
        using var store = await WithWarehouseAsync();
        var set = (await store.RunAsync("set", "dwh", "sliceCount=16", "partSizeMiB=128", "sortKey=at,id", "distKey=id", "stagingPrefix=tmp/", "loadPath=Direct")).Exits(0);
        Assert.Equal(
            """
            dwh: sliceCount: (default) -> 16
            dwh: partSizeMiB: (default) -> 128
            dwh: sortKey: (default) -> ["at","id"]
            dwh: distKey: (default) -> "id"
            dwh: stagingPrefix: (default) -> "tmp/"
            dwh: loadPath: (default) -> "Direct"

            """.ReplaceLineEndings("\n"),
            set.Output);
        (await store.RunAsync("set", "dwh", "workgroupName=", "region=", "host=dwh.example.com", "username=loader", "password=env:DWH_PASSWORD")).Exits(0);
        var export = (await store.RunAsync("export")).Exits(0).Output;
        Assert.Contains("\"host\": \"dwh.example.com\"", export, StringComparison.Ordinal);
        Assert.DoesNotContain("workgroupName", export, StringComparison.Ordinal);
        (await store.RunAsync(["import", "-"], export)).Exits(0);
        Assert.Equal(export, (await store.RunAsync("export")).Exits(0).Output);
    }

    [Theory]
    [InlineData("stagingConnection=lakes", "There is no connection \"lakes\"")]
    [InlineData("stagingConnection=open", "The connection open is anonymous")]
    [InlineData("stagingConnection=", "stagingConnection is missing.")]
    [InlineData("workgroupName=", "The destination names no warehouse.")]
    [InlineData("password=hunter2", "password: ")]
    [InlineData("iamRole=default", "IamRole must be the ARN of a role.")]
    [InlineData("loadPath=Fast", "loadPath must be")]
    [InlineData("sliceCount=many", "sliceCount must be a whole number.")]
    [InlineData("path=x.db", "A Redshift destination has no path.")]
    public async Task A_warehouse_refuses_what_an_import_refuses_and_stays_as_it_is(string setting, string message)
    {
        using var store = await WithWarehouseAsync();
        var before = await DefinitionsAsync(store);
        var error = (await store.RunAsync("set", "dwh", "database=other", setting)).Exits(2).Error;
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.Equal(before, await DefinitionsAsync(store));
    }

    [Fact]
    public async Task A_connection_stays_usable_for_the_destination_that_stages_with_it()
    {
        using var store = await WithWarehouseAsync();
        var error = (await store.RunAsync("set", "lake", "anonymous=true", "externalId=")).Exits(2).Error;
        Assert.Contains("The destination dwh uses this connection: the connection lake is anonymous", error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trigger_gets_another_queue_or_another_kind()
    {
        using var store = await WithQueueAsync();
        const string Url = "https://sqs.eu-west-1.amazonaws.com/123456789012/";

        Assert.Equal($"landed_queue: queue: \"{Url}landed\" -> \"{Url}other\"\n", (await store.RunAsync("set", "landed_queue", $"queue={Url}other")).Exits(0).Output);
        var set = (await store.RunAsync("set", "landed_queue", "kind=Every", "every=00:10:00", "queue=")).Exits(0).Output;
        Assert.Contains("landed_queue: kind: \"Queue\" -> \"Every\"", set, StringComparison.Ordinal);
        Assert.DoesNotContain("sqs", (await store.RunAsync("export")).Exits(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("queue=orders", "queue: \"orders\" is not the URL of a queue.")]
    [InlineData("queue=", "A trigger of the kind Queue needs Queue.")]
    [InlineData("at=07:00", "A trigger of the kind Queue has no At.")]
    [InlineData("feedName=orders", "The connection folder reads a folder")]
    [InlineData("name=other", "The name of trigger landed_queue cannot be changed.")]
    [InlineData("queu=x", "queu is not known.\n  Did you mean queue?")]
    public async Task A_trigger_refuses_what_an_import_refuses_and_stays_as_it_is(string setting, string message)
    {
        using var store = await WithQueueAsync();
        var before = await DefinitionsAsync(store);

        var error = (await store.RunAsync("set", "landed_queue", setting)).Exits(2).Error;

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(before, await DefinitionsAsync(store));
    }

    [Fact]
    public async Task The_destination_local_cannot_be_changed()
    {
        using var store = new WorkerStore();
        Assert.Contains("cannot be changed or removed", (await store.RunAsync("set", "local", "path=x.db")).Exits(1).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(store.Store, "definitions.json")));
    }

    [Fact]
    public async Task A_connection_changes_and_a_switch_of_it_is_a_truth_value()
    {
        using var store = await WorkerStore.WithFeedAsync();
        Assert.Equal("lake: rootPath: (default) -> \"in/\"\n", (await store.RunAsync("set", "lake", "rootPath=in/")).Exits(0).Output);
        Assert.Equal("lake: requesterPays: (default) -> true\n", (await store.RunAsync("set", "lake", "requesterPays=true")).Exits(0).Output);
        Assert.Contains("requesterPays must be true or false.", (await store.RunAsync("set", "lake", "requesterPays=1")).Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("The name of connection lake cannot be changed.", (await store.RunAsync("set", "lake", "name=pond")).Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("bucketNam is not known.\n  Did you mean bucketName?", (await store.RunAsync("set", "lake", "bucketNam=x")).Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_suggests_names_the_store_as_the_command_did()
    {
        using var store = new WorkerStore();
        const string Connection = """{ "connections": [ { "name": "lake", "bucketName": "lake-data", "region": "eu-west-1", "roleArn": "arn:aws:iam::123456789012:role/reader" } ] }""";
        (await store.RunAsync(["import", "-"], Connection)).Exits(0);
        var command = $"    peaks3feed --store {store.Store} policy lake\n";
        Assert.EndsWith(command, (await WorkerProcess.RunAsync("/nowhere", ["--store", store.Store, "set", "lake", "region=eu-central-1"])).Exits(0).Output, StringComparison.Ordinal);
        var import = Connection.Replace("eu-west-1", "eu-north-1", StringComparison.Ordinal);
        Assert.EndsWith(command, (await WorkerProcess.RunAsync("/nowhere", ["--store", store.Store, "import", "-"], import)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_feed_a_connection_and_a_destination_share_a_name_the_keys_decide()
    {
        using var store = await WorkerStore.WithFeedAsync(name: "lake");
        await ImportAsync(store, Server.Replace("dwh", "lake", StringComparison.Ordinal));

        Assert.Equal("lake: table: (default) -> \"sales\"\n", (await store.RunAsync("set", "lake", "table=sales")).Exits(0).Output);
        Assert.Equal("lake: requesterPays: (default) -> true\n", (await store.RunAsync("set", "lake", "requesterPays=true")).Exits(0).Output);
        Assert.Equal("lake: port: (default) -> 6432\n", (await store.RunAsync("set", "lake", "port=6432")).Exits(0).Output);
        Assert.Equal(1, Occurrences(await DefinitionsAsync(store), "6432"));
        Assert.Contains("Feed lake was not changed: ", (await store.RunAsync("set", "lake", "port=1", "table=x")).Exits(2).Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_an_error_with_the_names_that_the_store_has()
    {
        using var store = await WorkerStore.WithFeedAsync();
        await ImportAsync(store, Server);
        var error = (await store.RunAsync("set", "orderz", "table=x")).Exits(2).Error;
        Assert.Contains("There is no feed, no connection, no destination and no trigger named orderz in this store.\n  Did you mean orders? It has dwh, lake, orders.", error, StringComparison.Ordinal);
    }

    // The trigger "landed_queue" of a feed on S3, and the feed "orders" of a folder.
    private static async Task<WorkerStore> WithQueueAsync()
    {
        var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], $$"""
            {
              "connections": [
                { "name": "acme", "bucketName": "acme", "region": "eu-west-1" },
                { "name": "folder", "bucketName": "folder", "endpointUrl": "{{store.BucketUrl}}" }
              ],
              "feeds": [ { "name": "landed", "connectionName": "acme" }, { "name": "orders", "connectionName": "folder" } ],
              "triggers": [
                { "name": "landed_queue", "feedName": "landed", "kind": "Queue", "queue": "https://sqs.eu-west-1.amazonaws.com/123456789012/landed" }
              ]
            }
            """)).Exits(0);
        return store;
    }

    private static async Task<WorkerStore> WithWarehouseAsync()
    {
        var store = new WorkerStore();
        const string Document = """
            { "connections": [
                { "name": "lake", "bucketName": "acme-lake", "region": "eu-west-1" },
                { "name": "open", "bucketName": "public-data", "region": "eu-west-1", "anonymous": true } ],
              "destinations": [
                { "kind": "Redshift", "name": "dwh", "workgroupName": "analytics", "region": "eu-west-1", "database": "dev", "stagingConnection": "lake" } ] }
            """;
        (await store.RunAsync(["import", "-"], Document)).Exits(0);
        return store;
    }

    private static async Task ImportAsync(WorkerStore store, string destination)
        => (await store.RunAsync(["import", "-"], string.Create(CultureInfo.InvariantCulture, $$"""{ "destinations": [ {{destination}} ] }"""))).Exits(0);

    private static Task<string> DefinitionsAsync(WorkerStore store) => File.ReadAllTextAsync(Path.Combine(store.Store, "definitions.json"));

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;
}
