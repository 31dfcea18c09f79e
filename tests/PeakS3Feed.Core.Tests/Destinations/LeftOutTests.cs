using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Secrets;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Objects that leave the plan while it is carried out.</summary>
public sealed class LeftOutTests
{
    private static readonly CommitRetry NoRetry = new() { MaxAttempts = 1 };

    [Fact]
    public async Task A_row_that_is_too_long_makes_a_bad_file()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip });
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,note\n2," + new string('x', 17 * 1024 * 1024) + "\n");
        loading.Write("c.csv", "id,note\n3,c\n");
        var run = await loading.SucceedAsync();
        Assert.Equal((1L, 1L), (run.RowsLoaded, run.ObjectsFailed));
    }

    [Fact]
    public async Task Bad_changed_files_cost_one_restart_and_no_attempt()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip, OnChangedObject = ChangedObjectAction.Replace });
        foreach (var name in new[] { "a.csv", "b.csv", "c.csv" })
            loading.Write(name, "id,note\n1,old\n");
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,note\n1,new\n");
        loading.Write("b.csv", Loading.Numbers(2, "\"never closed"));
        loading.Write("c.csv", Loading.Numbers(20_000, "\"never closed"));
        var begun = new Counter(CommitStep.Began);
        var result = await loading.Store.RunAsync(begun, NoRetry);

        Assert.Equal((RunStatus.SucceededWithRejects, 2L, 2), (result.Run.Status, result.Run.ObjectsFailed, begun.Count));
        Assert.Equal((2, 2L), (result.FailedFiles.Count, result.FailedFileCount));
        Assert.Equal(["new", "old", "old"], loading.Query("SELECT note FROM orders ORDER BY note"));
    }

    [Fact]
    public async Task A_file_that_is_empty_now_leaves_the_plan()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        loading.Write("b.csv", "id,note\n2,b\n");
        var run = await loading.SucceedAsync(new AtStep(CommitStep.Planned, 1, () => loading.Write("a.csv", "")));
        Assert.Equal((1L, 1L, 1L), (run.RowsLoaded, run.ObjectsLoaded, run.ObjectsSkipped));
    }

    [Fact]
    public async Task A_file_that_is_again_as_it_was_loaded_leaves_the_plan()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Append });
        loading.Write("a.csv", "id,note\n1,old\n");
        var time = File.GetLastWriteTimeUtc(loading.PathOf("a.csv"));
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,note\n1,newer\n");
        var result = await loading.RunAsync(new AtStep(CommitStep.Planned, 1, () =>
        {
            File.WriteAllText(loading.PathOf("a.csv"), "id,note\n1,old\n");
            File.SetLastWriteTimeUtc(loading.PathOf("a.csv"), time);
        }));
        Assert.Equal((RunStatus.Succeeded, 0), (result.Run.Status, result.Run.Commits));
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));
    }

    [Theory]
    [InlineData(LoadType.Incremental, RunStatus.Succeeded)]
    [InlineData(LoadType.TruncateInsert, RunStatus.Failed)]
    public async Task An_object_that_proves_to_be_archived_is_passed_over(LoadType loadType, RunStatus status)
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = loadType });
        loading.Write("a.csv", "id,note\n1,a\n");
        loading.Write("b.csv", "id,note\n2,b\n");
        var store = new DefinitionStore(loading.Store.Paths);
        var definitions = await store.ReadAsync();
        var warehouse = await BuiltInDestinations.Kinds.OpenAsync(
            definitions.FindDestination("warehouse")!, new DestinationContext(loading.Store.Paths.StateDirectory, new SecretResolver(), NullLoggerFactory.Instance), default);
        var run = new TestRun(store, definitions)
        {
            Source = (c, identity) => new PartlyArchived(SourceFactory.Open(c, identity, null, NullLoggerFactory.Instance, TimeProvider.System), "b.csv"),
            Destination = _ => warehouse,
        };
        var runner = new FeedRunner(run, new FeedRunnerOptions { History = loading.Store.History, Logger = NullLogger.Instance });
        var result = await runner.RunAsync(run, new RunOptions(), null, default);

        Assert.Equal(status, result.Run.Status);
        if (status == RunStatus.Failed)
            Assert.Equal("ObjectArchived", result.Run.ErrorId);
        else
            Assert.Equal((1L, 1L, 0L), (result.Run.RowsLoaded, result.Run.ObjectsSkipped, result.Run.ObjectsFailed));
    }

    private sealed class Counter(CommitStep counted) : ICommitObserver
    {
        public int Count { get; private set; }

        public void OnStep(CommitStep step, long sequence) => Count += step == counted ? 1 : 0;
    }

    private sealed class PartlyArchived(IObjectSource source, string archived) : IObjectSource
    {
        public string Bucket => source.Bucket;

        public IAsyncEnumerable<SourceObject> ListAsync(string prefix, CancellationToken cancellationToken) => source.ListAsync(prefix, cancellationToken);

        public Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken) => source.FindAsync(key, cancellationToken);

        public Task<Stream> OpenAsync(SourceObject item, CancellationToken cancellationToken)
            => item.Key == archived ? throw SourceErrors.Archived(item, failure: null) : source.OpenAsync(item, cancellationToken);

        public ValueTask DisposeAsync() => source.DisposeAsync();
    }
}
