using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Store;

/// <summary>Definitions are parsed once for each content of their file, however often they are asked for.</summary>
public sealed class ParseOnceTests
{
    [Fact]
    public async Task A_run_parses_the_file_once_and_once_more_after_it_has_written_columns()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        var engine = loading.Store.Engine();
        Assert.Equal(RunStatus.Succeeded, (await engine.RunAsync(TestStore.FeedName, new RunOptions(), null, null, default)).Run.Status);
        var first = engine.Store.Parses;
        Assert.InRange(first, 1, 3); // as it was, with the connection's status, and with the columns
        loading.Write("b.csv", "id,note\n2,b\n");
        Assert.Equal(RunStatus.Succeeded, (await engine.RunAsync(TestStore.FeedName, new RunOptions(), null, null, default)).Run.Status);
        Assert.InRange(engine.Store.Parses, first, first + 1);

        loading.Write("c.csv", "id,note\n3,c\n");
        var again = loading.Store.Engine();
        Assert.Equal(RunStatus.Succeeded, (await again.RunAsync(TestStore.FeedName, new RunOptions(), null, null, default)).Run.Status);
        Assert.Equal(1, again.Store.Parses);
    }

    [Fact]
    public async Task A_run_notices_an_edit_by_another_process_also_one_of_the_same_length_and_time()
    {
        using var folder = new TemporaryFolder();
        var store = new DefinitionStore(StorePaths.Resolve(folder.Path));
        await store.UpdateAsync(d => d.With(new PeakS3Feed.Connections.S3Connection { Name = "one", BucketName = "acme" }));
        Assert.Equal("acme", Assert.Single((await store.ReadAsync()).Connections).BucketName);
        var (file, text) = (store.Paths.DefinitionsFile, await File.ReadAllTextAsync(store.Paths.DefinitionsFile));
        var time = File.GetLastWriteTimeUtc(file);
        await File.WriteAllTextAsync(file, text.Replace("acme", "emca", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(file, time);
        Assert.Equal("emca", Assert.Single((await store.ReadAsync()).Connections).BucketName);
    }

    [Fact]
    public async Task Requests_to_a_webhook_read_nothing()
    {
        using var loading = await Loading.BeginAsync();
        var engine = loading.Store.Engine();
        var hook = await engine.Definitions.AddAsync(new S3FeedTrigger { Name = "hook", FeedName = TestStore.FeedName, Kind = TriggerKind.Webhook });
        var definitions = await engine.Store.ReadAsync();
        using var service = new TriggerService(engine);
        var before = engine.Store.Parses;
        File.Delete(engine.Paths.DefinitionsFile); // whoever reads it now fails
        for (var i = 0; i < 20; i++) await service.FireAsync(definitions, hook, $"request-{i}", default);
        Assert.Equal(before, engine.Store.Parses);
    }

    [Fact]
    public void What_a_process_prepares_with_is_read_as_a_store_is()
    {
        var read = new DefinitionReader(DefinitionFormat.Default).Read(DefinitionFormat.Example.ToArray());
        Assert.Empty(read.Problems);
        Assert.Single(read.Definitions!.Connections);
        Assert.Single(Assert.Single(read.Definitions.Feeds).Schema!.Columns);
        DefinitionStore.Prepare();
    }
}
