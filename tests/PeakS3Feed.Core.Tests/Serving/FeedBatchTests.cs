using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Serving;

public sealed class FeedBatchTests
{
    [Fact]
    public async Task Runs_start_in_the_given_order_and_never_more_than_the_limit_at_once()
    {
        using var b = await Batch.OfAsync("a", "b", "c", "d", "e");
        var all = b.RunAsync(limit: 2, "c", "a", "e", "b", "d");
        await b.StartedAsync("c", "a");
        b.End("a");
        await b.StartedAsync("c", "a", "e");
        b.End("c");
        await b.StartedAsync("c", "a", "e", "b");
        b.End("b");
        await b.StartedAsync("c", "a", "e", "b", "d");
        b.End("d");
        b.End("e");
        Assert.Equal(["a", "b", "c", "d", "e"], (await all).Select(o => o.Feed).Order());
        Assert.Equal(2, b.MostActive);
    }

    [Fact]
    public async Task Results_come_when_their_runs_end()
    {
        using var b = await Batch.OfAsync("a", "b");
        await using var results = b.Start(limit: 2).RunAsync(["a", "b"]).GetAsyncEnumerator();
        b.End("b");
        Assert.True(await results.MoveNextAsync());
        Assert.Equal("b", results.Current.Feed);
        b.End("a");
        Assert.True(await results.MoveNextAsync());
        Assert.Equal("a", results.Current.Feed);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task A_run_that_cannot_begin_and_a_name_that_does_not_exist_are_results_and_stop_nothing()
    {
        using var b = await Batch.OfAsync("a", "b");
        b.Fail("a", new FeedException("FeedDisabled", FeedErrorCategory.InvalidOperation, "a is disabled"));
        b.End("b");
        b.Fail("nope", new FeedException("FeedNotFound", FeedErrorCategory.ObjectNotFound, "no such feed"));
        var outcomes = (await b.RunAsync(limit: 3, "a", "nope", "b")).ToDictionary(o => o.Feed);
        Assert.Equal("FeedDisabled", ((FeedException)outcomes["a"].Error!).Id);
        Assert.Equal("FeedNotFound", ((FeedException)outcomes["nope"].Error!).Id);
        Assert.Null(outcomes["a"].Result);
        Assert.Equal(RunStatus.Succeeded, outcomes["b"].Result!.Run.Status);
    }

    [Fact]
    public async Task A_feed_named_twice_runs_twice_and_never_twice_at_once()
    {
        using var b = await Batch.OfAsync("a", "b");
        var all = b.RunAsync(limit: 3, "a", "A", "b");
        await b.StartedAsync("a", "b");
        b.End("a");
        await b.StartedAsync("a", "b", "A");
        b.End("A");
        b.End("b");
        Assert.Equal(3, (await all).Count);
    }

    [Fact]
    public async Task Feeds_of_one_SQLite_file_follow_each_other_and_others_overtake_them()
    {
        using var b = await Batch.OfAsync("a", "b", "c", "d");
        await b.DefineAsync(new SqliteDestination { Name = "one", Path = "shop.db" });
        await b.DefineAsync(new SqliteDestination { Name = "same", Path = "./x/../shop.db" });
        await b.DefineAsync(new SqliteDestination { Name = "other", Path = "other.db" });
        await b.EditAsync("a", f => f with { DestinationNames = ["one"] });
        await b.EditAsync("b", f => f with { DestinationNames = ["same"] });
        await b.EditAsync("c", f => f with { DestinationNames = ["other"] });
        var all = b.RunAsync(limit: 9, "a", "b", "c", "d");
        await b.StartedAsync("a", "c", "d");
        b.End("c");
        b.End("d");
        b.End("a");
        await b.StartedAsync("a", "c", "d", "b");
        b.End("b");
        Assert.Equal("b", (await all)[^1].Feed);
    }

    [Fact]
    public async Task Feeds_of_one_table_follow_each_other_in_the_given_order()
    {
        using var b = await Batch.OfAsync("a", "b", "c");
        await b.DefineAsync(Batch.Warehouse with { Name = "again" });
        await b.DefineAsync(Batch.Warehouse with { Name = "elsewhere", Schema = "elsewhere" });
        await b.EditAsync("a", f => f with { Table = "shared" });
        await b.EditAsync("b", f => f with { Table = "Shared", DestinationNames = ["again"] });
        await b.EditAsync("c", f => f with { Table = "shared", DestinationNames = ["elsewhere"] });
        var all = b.RunAsync(limit: 9, "b", "a", "c");
        await b.StartedAsync("b", "c");
        b.End("b");
        await b.StartedAsync("b", "c", "a");
        b.End("a");
        b.End("c");
        Assert.Equal(3, (await all).Count);
    }

    [Fact]
    public async Task A_destination_that_is_missing_or_not_valid_is_a_result_of_its_feed_alone()
    {
        using var b = await Batch.OfAsync("a", "b");
        await b.DefineAsync(new SqliteDestination { Name = "bad", Path = "\0" });
        await b.EditAsync("a", f => f with { DestinationNames = ["bad"] });
        await b.DefineAsync(new SqliteDestination { Name = "gone", Path = "gone.db" });
        await b.EditAsync("b", f => f with { DestinationNames = ["gone"] });
        b.EditFile(text => text.Replace("\"name\": \"gone\"", "\"name\": \"renamed\"", StringComparison.Ordinal));
        b.End("a");
        b.End("b");
        Assert.Equal(2, (await b.RunAsync(limit: 2, "a", "b")).Count);
    }

    [Fact]
    public async Task Cancelling_stops_the_active_runs_awaits_them_and_starts_no_other()
    {
        using var b = await Batch.OfAsync("a", "b", "c");
        using var stop = new CancellationTokenSource();
        var all = b.RunAsync(limit: 2, stop.Token, "a", "b", "c");
        await b.StartedAsync("a", "b");
        b.KeepsRunning("b");
        await stop.CancelAsync();
        await b.StoppedAsync("a");
        Assert.False(all.IsCompleted);
        b.End("b");
        var outcomes = await all;
        Assert.Equal(["a", "b"], outcomes.Select(o => o.Feed));
        Assert.IsAssignableFrom<OperationCanceledException>(outcomes[0].Error);
        Assert.Equal(RunStatus.Succeeded, outcomes[1].Result!.Run.Status);
        Assert.Equal(["a", "b"], b.Started.Order());
    }

    [Fact]
    public async Task A_caller_that_has_enough_stops_the_active_runs_and_awaits_them()
    {
        using var b = await Batch.OfAsync("a", "b", "c");
        b.End("a");
        var enough = Task.Run(async () =>
        {
            await foreach (var outcome in b.Start(limit: 2).RunAsync(["a", "b", "c"]))
                return outcome.Feed;
            return null;
        });
        Assert.Equal("a", await enough.WaitAsync(TestLimits.Hang));
        await b.StoppedAsync("b");
        Assert.Equal(0, b.Active);
    }

    [Fact]
    public async Task The_view_of_a_run_ends_with_it()
    {
        using var b = await Batch.OfAsync("a", "b");
        b.End("a");
        b.End("b");
        await b.RunAsync(limit: 1, "a", "b");
        Assert.Equal(["+a", "-a", "+b", "-b"], b.Views);
    }

    [Theory]
    [InlineData(1, "", "")]
    [InlineData(2, "a: ", "b: ")]
    public async Task Lines_of_the_log_name_their_feed_where_several_run(int limit, string first, string second)
    {
        using var b = await Batch.OfAsync("a", "b");
        b.End("a");
        b.End("b");
        await b.RunAsync(limit, "a", "b");
        Assert.Equal([$"{first}works", $"{second}works"], b.Log.Lines.Order());
    }

    private sealed class Batch : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new();
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _stops = new();
        private readonly ConcurrentQueue<string> _started = new();
        private readonly ConcurrentDictionary<string, bool> _keep = new();
        private readonly FeedEngine _engine;
        private readonly Lock _lock = new();

        private Batch() => _engine = new FeedEngine(StorePaths.Resolve(_folder.Path), new FeedEngineOptions { Loggers = Log });

        public static PostgreSqlDestination Warehouse { get; } = new()
        {
            Name = "warehouse", Host = "db", Database = "dwh", Username = "loader", Password = "env:PASSWORD",
        };

        public ScopedLog Log { get; } = new();

        public IEnumerable<string> Started => _started;

        public ConcurrentQueue<string> Views { get; } = new();

        public int Active { get; private set; }

        public int MostActive { get; private set; }

        public static async Task<Batch> OfAsync(params string[] feeds)
        {
            var batch = new Batch();
            await batch._engine.Store.UpdateAsync(d => feeds.Aggregate(
                d.With(new S3Connection { Name = "acme", BucketName = "acme", EndpointUrl = new Uri(batch._folder.Path).AbsoluteUri }).With(Warehouse),
                (all, name) => all.With(new S3Feed { Id = Guid.NewGuid(), Name = name, ConnectionName = "acme", DestinationNames = ["warehouse"] })));
            return batch;
        }

        public Task DefineAsync(S3FeedDestination destination) => _engine.Store.UpdateAsync(d => d.With(destination));

        public Task EditAsync(string feed, Func<S3Feed, S3Feed> edit) => _engine.Store.UpdateAsync(d => d.With(edit(d.GetFeed(feed))));

        /// <summary>Changes the store's file as a person might.</summary>
        public void EditFile(Func<string, string> edit)
        {
            var path = _engine.Paths.DefinitionsFile;
            File.WriteAllText(path, edit(File.ReadAllText(path)));
        }

        public FeedBatch Start(int limit) => new(_engine, new FeedBatchOptions { Limit = limit, Run = RunAsync, View = feed => new View(this, feed) });

        public Task<List<FeedOutcome>> RunAsync(int limit, params string[] feeds) => RunAsync(limit, default, feeds);

        public Task<List<FeedOutcome>> RunAsync(int limit, CancellationToken cancellationToken, params string[] feeds)
            => Start(limit).RunAsync(feeds, cancellationToken).ToListAsync(CancellationToken.None).AsTask().WaitAsync(TestLimits.Hang, CancellationToken.None);

        public void End(string feed) => EndOf(feed).TrySetResult();

        public void Fail(string feed, Exception error) => EndOf(feed).TrySetException(error);

        public void KeepsRunning(string feed) => _keep[feed] = true;

        public Task StoppedAsync(string feed) => StopOf(feed).Task.WaitAsync(TestLimits.Hang);

        public async Task StartedAsync(params string[] feeds)
        {
            await TestLimits.UntilAsync(() => _started.Count >= feeds.Length, $"the start of {string.Join(", ", feeds)}");
            // Those of one moment may report in any order.
            Assert.Equal(feeds.Order(), _started.Order());
        }

        public void Dispose() => _folder.Dispose();

        private TaskCompletionSource EndOf(string feed) => _ends.GetOrAdd(feed, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

        private TaskCompletionSource StopOf(string feed) => _stops.GetOrAdd(feed, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

        private async Task<RunResult> RunAsync(string feed, IRunView? view, CancellationToken cancellationToken)
        {
            lock (_lock)
                MostActive = Math.Max(MostActive, ++Active);
            _started.Enqueue(feed);
            Log.LogWarning("works");
            try
            {
                using var stopped = cancellationToken.Register(() =>
                {
                    if (!_keep.ContainsKey(feed))
                        EndOf(feed).TrySetCanceled(cancellationToken);
                });
                await EndOf(feed).Task;
            }
            finally
            {
                lock (_lock)
                    Active--;
                StopOf(feed).TrySetResult();
            }
            return new RunResult(
                new S3FeedRun { Id = Guid.NewGuid(), FeedId = Guid.Empty, FeedName = feed, Status = RunStatus.Succeeded, StartedAt = default, Host = "h", ProcessId = 1 },
                null, []);
        }

        private sealed class View : IRunView
        {
            private readonly Batch _batch;
            private readonly string _feed;

            public View(Batch batch, string feed)
            {
                (_batch, _feed) = (batch, feed);
                batch.Views.Enqueue("+" + feed);
            }

            public void Report(RunProgress value)
            {
            }

            public void Dispose() => _batch.Views.Enqueue("-" + _feed);
        }
    }

    /// <summary>A log with scopes, as the hosts have one.</summary>
    private sealed class ScopedLog : ILoggerFactory, ILogger
    {
        private readonly LoggerExternalScopeProvider _scopes = new();

        public ConcurrentQueue<string> Lines { get; } = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue(FeedLogScope.Prefix(_scopes, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
