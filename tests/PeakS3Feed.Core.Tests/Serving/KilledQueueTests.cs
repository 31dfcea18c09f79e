using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Tests.Sources;
using PeakS3Feed.Tests.Store;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Serving;

/// <summary>Workers in processes of their own that read a queue, killed between each two steps from a message to its rows in the table.</summary>
[Trait(Category.Name, Category.Kill)]
public class KilledQueueTests
{
    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = S3Harness.Key.Id, ["AWS_SECRET_ACCESS_KEY"] = S3Harness.Key.Secret,
    };

    public static TheoryData<string> Steps => new(
        "received", "rows on disk", "deleted", "run began", nameof(CommitStep.Claimed), nameof(CommitStep.Written), nameof(CommitStep.LocallyRecorded));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Whatever_step_is_the_last_each_row_is_loaded_once(string step)
    {
        await using var w = await World.StartAsync();
        w.Queue.VisibilityTimeout = TimeSpan.FromSeconds(1);
        using var victim = w.NewWorker(Enum.TryParse<CommitStep>(step, out _) ? step : null);
        await victim.FirstLine;
        w.KillAt(step, victim);
        for (var i = 0; i < 3; i++)
            w.Arrive(i);
        await victim.EndAsync();
        (w.Sqs.Before, w.Sqs.After) = (null, null);

        using var worker = w.NewWorker();
        await w.WaitAsync(3);

        Assert.Equal([0, 1, 2], await LoadedRows.ReadIdsAsync(w.Store));
        Assert.Empty(w.Queue.Messages);
    }

    [Fact]
    public async Task Random_deaths_duplicates_and_disorder_lose_and_double_nothing()
    {
        const int Files = 60;
        await using var w = await World.StartAsync();
        (w.Queue.VisibilityTimeout, w.Queue.Duplicates, w.Queue.IsDisordered) = (TimeSpan.FromSeconds(1), 0.3, true);
        var random = new Random(20261130);
        var workers = new[] { w.NewWorker(), w.NewWorker() };
        for (var i = 0; i < Files; i++)
        {
            w.Arrive(i);
            await Task.Delay(random.Next(40));
            if (i % 10 != 9)
                continue;
            var victim = random.Next(2);
            workers[victim].Kill();
            workers[victim].Dispose();
            workers[victim] = w.NewWorker();
        }

        await w.WaitAsync(Files);
        foreach (var worker in workers)
            worker.Dispose();

        Assert.Equal(Enumerable.Range(0, Files).Select(i => (long)i), await LoadedRows.ReadIdsAsync(w.Store));
    }

    private sealed class World : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly FeedEngine _engine;
        private readonly FakeS3 _s3;
        private Guid _trigger;

        private World(FakeS3 s3, FakeSqs sqs)
        {
            (_s3, Sqs) = (s3, sqs);
            sqs.Keys[S3Harness.Key.Id] = S3Harness.Key.Secret;
            s3.CreateBucket("acme");
            Queue = sqs.Queue("orders");
            _engine = new FeedEngine(StorePaths.Resolve(Store));
        }

        public FakeSqs Sqs { get; }

        public FakeQueue Queue { get; }

        public string Store => _folder["store"];

        public static async Task<World> StartAsync()
        {
            var w = new World(await FakeS3.StartAsync(), await FakeSqs.StartAsync());
            var connection = await w._engine.Definitions.AddAsync(S3Harness.Plain with { EndpointUrl = w._s3.Url });
            await w._engine.Definitions.RecordTestAsync(connection, ConnectionStatus.Verified, default);
            await w._engine.Definitions.AddAsync(new S3Feed { Name = "orders", ConnectionName = "acme" });
            w._trigger = (await w._engine.Definitions.AddAsync(
                new S3FeedTrigger { Name = "queue", FeedName = "orders", Kind = TriggerKind.Queue, Queue = w.Sqs.UrlOf("orders") })).Id;
            return w;
        }

        public WriterProcess NewWorker(string? step = null) => new(Environment, step is null ? ["triggers", Store] : ["triggers", Store, step]);

        public void Arrive(int number)
        {
            var key = $"{number:0000}.csv";
            _s3.Put("acme", key, Encoding.UTF8.GetBytes($"id,name\n{number},n{number}\n"));
            Queue.Send(S3Messages.Direct("acme", key, sequencer: $"{number + 1:X16}"));
        }

        public void KillAt(string step, WriterProcess victim)
        {
            switch (step)
            {
                case "received":
                    Sqs.After = (operation, messages) => Kill(operation == "ReceiveMessage" && messages > 0);
                    break;
                case "rows on disk":
                    Sqs.Before = operation => Kill(operation == "DeleteMessageBatch");
                    break;
                case "deleted":
                    Sqs.After = (operation, _) => Kill(operation == "DeleteMessageBatch");
                    break;
                case "run began":
                    _s3.Faults.Enqueue(new Fault { HangUp = true, Then = () => Kill(isNow: true) }, FakeOperation.List);
                    break;
            }

            void Kill(bool isNow)
            {
                if (isNow)
                    victim.Kill();
            }
        }

        // Every message is deleted, every row seen, and no fire is open.
        public Task WaitAsync(int files) => TestLimits.UntilAsync(
            async () => Queue.Messages.Count == 0 && await _engine.Arrivals.CountAsync(_trigger, default) == 0
                && (await _engine.Fires.ListQueuedAsync(default)).Count == 0 && (await _engine.Fires.ListStartedAsync(default)).Count == 0
                && File.Exists(Path.Combine(Store, "local.db")) && await HasTableAsync() && (await LoadedRows.ReadIdsAsync(Store)).Count >= files,
            $"load of {files} files");

        public async ValueTask DisposeAsync()
        {
            await Sqs.DisposeAsync();
            await _s3.DisposeAsync();
            _folder.Dispose();
        }

        private async Task<bool> HasTableAsync()
            => await _engine.History.ListAsync().AnyAsync(r => r.RowsLoaded > 0);
    }
}
