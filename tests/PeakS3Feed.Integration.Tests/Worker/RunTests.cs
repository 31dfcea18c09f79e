namespace PeakS3Feed.Integration.Worker;

public sealed class RunTests
{
    [Fact]
    public async Task A_run_loads_what_is_new_and_the_next_one_has_nothing_to_do()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id,amount\n007,1.50\n008,2.25\n");
        var first = (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(["orders", "succeeded", "1", "2", "0"], first.Row("orders")[1..6]);
        Assert.Contains("nothing to do", (await store.RunAsync("run", "orders")).Exits(0).Output, StringComparison.Ordinal);
        store.Put("in/b.csv", "id,amount\n009,3.00\n");
        (await store.RunAsync("run", "ORDERS")).Exits(0);
        Assert.Equal("007,008,009", store.Query("SELECT group_concat(id) FROM (SELECT id FROM orders ORDER BY id)")[0][0]);
    }

    [Fact]
    public async Task A_plan_changes_nothing_and_lists_objects_reasons_and_statements()
    {
        using var store = await WorkerStore.WithFeedAsync(feed: """, "exclude": ["*.old.csv"]""");
        for (var i = 0; i < 23; i++)
            store.Put($"in/{i:00}.csv", "id\n1\n");
        store.Put("in/x.old.csv", "id\n1\n");
        store.Put("in/empty.csv", "");
        var plan = (await store.RunAsync("run", "orders", "--plan")).Exits(0).Output;
        Assert.Contains("23 objects to load, 115 B; 0 loaded already, 2 skipped", plan, StringComparison.Ordinal);
        Assert.Contains("    and 3 more", plan, StringComparison.Ordinal);
        Assert.Contains("s3://lake/in/x.old.csv: Excluded", plan, StringComparison.Ordinal);
        Assert.Contains("s3://lake/in/empty.csv: Empty", plan, StringComparison.Ordinal);
        Assert.Contains("    CREATE TABLE \"orders\" (", plan, StringComparison.Ordinal);
        Assert.False(File.Exists(store.Database));
        Assert.False(File.Exists(Path.Combine(store.Store, "state.db")));
    }

    [Fact]
    public async Task More_bad_files_than_are_listed_are_counted()
    {
        using var store = await WorkerStore.WithFeedAsync(feed: """, "onBadFile": "Skip" """);
        for (var i = 0; i < 102; i++)
            store.Put($"in/{i:000}.csv", "id\n\"never closed\n");
        store.Put("in/good.csv", "id\n1\n");
        var run = (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(100, run.Error.Split(" was left out: ").Length - 1);
        Assert.Contains("2 more files left out; only the first 100 are listed.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_names_its_obstacle_and_the_commands_that_mend_it()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        store.Put("in/a.csv", "id\n1\n2\n");
        var plan = (await store.RunAsync("run", "orders", "--plan")).Exits(1);
        Assert.Contains("error: s3://lake/in/a.csv was loaded before and has changed since", plan.Error, StringComparison.Ordinal);
        Assert.Contains("    peaks3feed set orders onChangedObject=Replace\n", plan.Error, StringComparison.Ordinal);
        (await store.RunAsync("run", "orders")).Exits(1);
        (await store.RunAsync("set", "orders", "onChangedObject=Replace")).Exits(0);
        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(2, store.Number("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Wildcards_stand_for_enabled_feeds_and_a_failing_feed_does_not_keep_the_next_from_running()
    {
        using var store = new WorkerStore();
        static string Feed(string name, string more = "") => $$"""{ "name": "{{name}}", "connectionName": "lake", "path": "{{name}}/", "fileType": "Csv"{{more}} }""";
        (await store.RunAsync(["import", "-"], store.Document(Feed("ord_bad"), Feed("ord_good"), Feed("ord_off", ", \"enabled\": false"), Feed("other")))).Exits(0);
        store.Put("ord_bad/a.csv", "id\n\"never closed\n");
        store.Put("ord_good/a.csv", "id\n1\n");
        store.Put("ord_off/a.csv", "id\n1\n");
        store.Put("other/a.csv", "id\n1\n");
        var result = (await store.RunAsync("run", "ORD*")).Exits(1);
        Assert.Equal("failed", result.Row("ord_bad")[2]);
        Assert.Equal("succeeded", result.Row("ord_good")[2]);
        Assert.DoesNotContain("ord_off", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("other", result.Output, StringComparison.Ordinal);
        Assert.Contains("s3://lake/ord_bad/a.csv", result.Error, StringComparison.Ordinal);

        var disabled = (await store.RunAsync("run", "ord_off")).Exits(2);
        Assert.Contains("    peaks3feed run ord_off --force\n", disabled.Error, StringComparison.Ordinal);
        (await store.RunAsync("run", "ord_off", "--force")).Exits(0);
        Assert.Contains("No feed of this store matches \"z*\"", (await store.RunAsync("run", "z*")).Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("There is no feed named nope", (await store.RunAsync("run", "nope")).Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejects_within_the_threshold_give_a_warning_and_exit_code_0()
    {
        using var store = await WorkerStore.WithFeedAsync(feed: """, "failedRowThreshold": 1, "schema": [ { "name": "id", "type": "bigint" } ]""");
        store.Put("in/a.csv", "id\n1\nsecret\n3\n");
        var result = (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Contains("with rejects", result.Output, StringComparison.Ordinal);
        Assert.Contains("warning: 1 row of feed orders could not be loaded; the feed allows that.\n    peaks3feed runs orders --rejects\n", result.Error, StringComparison.Ordinal);
        var rejects = (await store.RunAsync("runs", "orders", "--rejects")).Exits(0).Output;
        Assert.Contains("s3://lake/in/a.csv, line 3, column \"id\": ", rejects, StringComparison.Ordinal);
        Assert.Contains("\n    secret\n", rejects, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_of_rejects_is_not_kept_when_it_is_not_to_be()
    {
        using var store = await WorkerStore.WithFeedAsync(feed: """, "failedRowThreshold": 1, "schema": [ { "name": "id", "type": "bigint" } ]""");
        store.Put("in/a.csv", "id,note\n1,\nx,confidential\n");
        (await store.RunAsync("run", "orders", "--reject-text", "None")).Exits(0);
        Assert.DoesNotContain("confidential", (await store.RunAsync("runs", "orders", "--rejects")).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_is_running_is_not_run_a_second_time()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.PutNumbers(files: 24, rowsPerFile: 150_000);
        using var first = store.Start("run", "orders");
        await first.SaysAsync("orders: 0/24 objects");
        var others = await Task.WhenAll(store.RunAsync("run", "orders"), store.RunAsync("reset", "orders", "--yes"));
        Assert.All(others, o => Assert.Contains("is already running", o.Exits(3).Error, StringComparison.Ordinal));
        (await first.EndAsync()).Exits(0);
        Assert.Equal(3_600_000, store.Number("SELECT count(DISTINCT id) FROM orders"));
    }
}
