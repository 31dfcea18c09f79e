using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Serving;

/// <content>A batch of runs that the tests start, hold and end.</content>
public sealed partial class FeedBatchTests
{
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
