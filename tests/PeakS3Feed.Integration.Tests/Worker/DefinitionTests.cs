namespace PeakS3Feed.Integration.Worker;

public sealed class DefinitionTests
{
    [Fact]
    public async Task An_import_says_what_became_of_each_definition()
    {
        using var store = new WorkerStore();
        var document = store.Document("""{ "name": "orders", "connectionName": "lake", "fileType": "Csv" }""");
        var file = Path.Combine(store.Root, "defs.json");
        await File.WriteAllTextAsync(file, document);
        Assert.Equal("added      connection   lake\nadded      feed         orders\n", (await store.RunAsync("import", file)).Exits(0).Output);
        Assert.Equal("unchanged  connection   lake\nunchanged  feed         orders\n", (await store.RunAsync("import", file)).Exits(0).Output);
        var changed = document.Replace("\"fileType\"", "\"table\": \"t\", \"fileType\"", StringComparison.Ordinal);
        Assert.Equal("unchanged  connection   lake\nchanged    feed         orders\n", (await store.RunAsync(["import", "-"], changed)).Exits(0).Output);
    }

    [Fact]
    public async Task An_import_names_every_problem_with_path_and_line_and_changes_nothing()
    {
        using var store = new WorkerStore();
        var result = (await store.RunAsync(["import", "-"], "{ \"feeds\": [\n{ \"name\": \"a\", \"fileTyp\": \"Csv\",\n\"loadType\": \"Sometimes\" } ] }")).Exits(2);
        Assert.Contains("2 problems; nothing changed", result.Error, StringComparison.Ordinal);
        Assert.Contains("  line 2, $.feeds[0].fileTyp: fileTyp is not known. Did you mean fileType?\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("  line 3, $.feeds[0].loadType: loadType must be ", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(store.Store, "definitions.json")));
        Assert.Contains("does not exist", (await store.RunAsync("import", "nowhere.json")).Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_changes_settings_by_the_keys_of_the_import_document()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id;amount\n1;2.5\n");
        var set = (await store.RunAsync("set", "orders", "table=sales", "csv.separator=;", "include=*.csv,*.txt", "failedRowThreshold=1%", "enabled=true")).Exits(0);
        Assert.Contains("orders: table: (default) -> \"sales\"\n", set.Output, StringComparison.Ordinal);
        Assert.Contains("orders: include: (default) -> [\"*.csv\",\"*.txt\"]\n", set.Output, StringComparison.Ordinal);
        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(1, store.Number("SELECT count(amount) FROM sales"));
        Assert.Contains("schema.amount.type: \"decimal(38,1)\" -> \"text\"", (await store.RunAsync("set", "orders", "schema.amount.type=text")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("orders: table: \"sales\" -> (default)\n", (await store.RunAsync("set", "orders", "table=")).Exits(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tabel=x", "tabel is not known.\n  Did you mean table?")]
    [InlineData("enabled=perhaps", "enabled must be true or false.")]
    [InlineData("loadType=Upsert", "primaryKey: An Upsert feed needs a primary key.")]
    [InlineData("csv.separators=x", "csv.separators: separators is not known.\n  Did you mean separator?")]
    [InlineData("connectionName=nope", "connectionName: There is no connection \"nope\"")]
    [InlineData("commitEveryObjects=few", "commitEveryObjects must be a whole number.")]
    [InlineData("schema.x.type=text", "it has no column \"x\".")]
    [InlineData("id=1", "cannot be changed")]
    [InlineData("nonsense", "\"nonsense\" is not a setting with its value.")]
    public async Task Set_refuses_what_the_rules_refuse(string setting, string message)
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id\n1\n"); // where columns are looked for
        (await store.RunAsync("preview", "orders")).Exits(0); // its test of the connection is recorded
        var before = await File.ReadAllTextAsync(Path.Combine(store.Store, "definitions.json"));
        Assert.Contains(message, (await store.RunAsync("set", "orders", setting)).Exits(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(store.Store, "definitions.json")));
    }

    [Fact]
    public async Task Reset_needs_a_yes_and_lets_everything_be_loaded_again()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Contains("    peaks3feed reset orders --drop-table --yes\n", (await store.RunAsync("reset", "orders", "--drop-table")).Exits(2).Error, StringComparison.Ordinal);
        Assert.Equal(1, store.Number("SELECT count(*) FROM orders"));
        (await store.RunAsync("reset", "orders", "--drop-table", "--yes")).Exits(0);
        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(1, store.Number("SELECT count(*) FROM orders"));
        (await store.RunAsync("reset", "orders", "--yes")).Exits(0);
        Assert.Contains("holds rows of 1 object loaded by this feed, before it was reset", (await store.RunAsync("run", "orders")).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_was_adopted_is_not_filled_again_after_a_reset()
    {
        using var store = await WorkerStore.WithFeedAsync(feed: ", \"adoptTable\": true");
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        (await store.RunAsync("reset", "orders", "--yes")).Exits(0);
        Assert.Contains("holds rows of 1 object loaded by this feed, before it was reset", (await store.RunAsync("run", "orders")).Exits(1).Error, StringComparison.Ordinal);
        (await store.RunAsync("set", "orders", "adoptTable=true")).Exits(0);
        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(1, store.Number("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_feed_under_a_new_name_goes_on_where_it_was()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Contains("sales: table: (default) -> \"orders\"\n", (await store.RunAsync("set", "orders", "name=sales")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("nothing to do", (await store.RunAsync("run", "sales")).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_was_edited_by_hand_is_checked_before_it_is_used()
    {
        using var store = await WorkerStore.WithFeedAsync();
        var file = Path.Combine(store.Store, "definitions.json");
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace("\"path\": \"in/\"", "\"path\": \"in/\", \"table\": \"peaks3feed_file\"", StringComparison.Ordinal));
        Assert.Contains("is reserved for the tables of the ledger", (await store.RunAsync("run", "orders")).Exits(2).Error, StringComparison.Ordinal);
    }
}
