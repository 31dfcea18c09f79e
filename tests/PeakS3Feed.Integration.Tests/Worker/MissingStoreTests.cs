namespace PeakS3Feed.Integration.Worker;

/// <summary>A store that is named and missing is an error of every command but those that make definitions.</summary>
public class MissingStoreTests
{
    [Theory]
    [InlineData("export")]
    [InlineData("policy", "lake")]
    [InlineData("setup", "dwh")]
    [InlineData("test", "lake")]
    [InlineData("preview", "orders")]
    [InlineData("run", "orders")]
    [InlineData("run", "orders", "--plan")]
    [InlineData("runs")]
    [InlineData("runs", "orders")]
    [InlineData("stop", "0123456789abcdef0123456789abcdef")]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    [InlineData("service", "print")]
    [InlineData("health")]
    [InlineData("set", "orders", "enabled=false")]
    [InlineData("reset", "orders", "--yes")]
    public async Task The_error_names_the_path_and_nothing_is_made(params string[] arguments)
    {
        using var store = new WorkerStore();
        var missing = Path.Combine(store.Root, "missing");
        string[] named = ["--store", missing, .. arguments];
        foreach (var result in new[] { await WorkerProcess.RunAsync(missing, arguments), await store.RunAsync(named) })
        {
            result.Exits(2);
            Assert.Contains($"There is no store at {missing}: the folder does not exist.", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.Empty(result.Output);
        }
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task Import_makes_the_store_but_not_for_a_document_that_is_wrong()
    {
        using var store = new WorkerStore();
        var missing = Path.Combine(store.Root, "missing");
        (await WorkerProcess.RunAsync(missing, ["import", "-"], """{ "feeds": [ { "name": "f", "connectionName": "nowhere" } ] }""")).Exits(2);
        Assert.False(Directory.Exists(missing));
        (await WorkerProcess.RunAsync(missing, ["import", "-"], store.Document())).Exits(0);
        Assert.True(File.Exists(Path.Combine(missing, "definitions.json")));
        (await WorkerProcess.RunAsync(missing, ["runs"])).Exits(0);
    }

    [Fact]
    public async Task A_relative_store_is_absolute_in_what_is_suggested()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.txt", "id\n1\n");
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, store.Store);
        var error = (await store.RunAsync("--store", relative, "run", "orders")).Error + (await store.RunAsync("--store", relative, "preview", "orders")).Error;
        Assert.DoesNotContain($"--store {relative}", error, StringComparison.Ordinal);
        Assert.Contains($"--store {store.Store}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_without_a_name_is_not_the_users_own()
    {
        using var store = new WorkerStore();
        Assert.Contains("--store names no folder.", (await store.RunAsync("--store", "", "runs")).Exits(2).Error, StringComparison.Ordinal);
    }
}
