using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Aws;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.TestServers.Sqs;
using PeakS3Feed.Tests.Sources;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Serving;

/// <summary>
/// A store with the feeds "orders" (in/) and "returns" (back/) of the bucket "acme", a queue server, and services whose runs are only recorded. No run
/// forgets arrivals.
/// </summary>
internal sealed class QueueHarness : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private QueueHarness(FakeSqs sqs)
    {
        Sqs = sqs;
        sqs.Keys[S3Harness.Key.Id] = S3Harness.Key.Secret;
        sqs.Queue("orders");
        Engine = NewEngine("store");
    }

    public FakeSqs Sqs { get; }

    public FakeTimeProvider Time { get; } = new(ServiceHarness.Start) { AutoAdvanceAmount = TimeSpan.Zero };

    public ListLogger Log { get; } = new();

    public FeedEngine Engine { get; }

    public ConcurrentQueue<string> Runs { get; } = new();

    public string Url => Sqs.UrlOf("orders");

    /// <param name="feeds">The feeds that have a trigger on the queue.</param>
    public static async Task<QueueHarness> StartAsync(params string[] feeds)
    {
        var h = new QueueHarness(await FakeSqs.StartAsync());
        await DefineAsync(h.Engine);
        foreach (var feed in feeds)
            await h.Engine.Definitions.AddAsync(h.Trigger(feed));
        return h;
    }

    public S3FeedTrigger Trigger(string feed) => new() { Name = $"{feed}_queue", FeedName = feed, Kind = TriggerKind.Queue, Queue = Url };

    /// <summary>Another store with the same feeds.</summary>
    public async Task<FeedEngine> AnotherStoreAsync()
    {
        var engine = NewEngine("other");
        await DefineAsync(engine);
        await engine.Definitions.AddAsync(Trigger("orders"));
        return engine;
    }

    public TriggerService NewService(FeedEngine? engine = null) => new(engine ?? Engine, new TriggerServiceOptions { Run = RunAsync });

    /// <summary>Reads the queue once and runs what it announced.</summary>
    public async Task TickAsync(FeedEngine? engine = null)
    {
        using var service = NewService(engine);
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
    }

    /// <summary>The objects that wait for a run of a feed.</summary>
    public async Task<long> CountAsync(string feed)
        => await Engine.Arrivals.CountAsync((await Engine.Definitions.FindTriggerAsync($"{feed}_queue")).Id, default);

    public async ValueTask DisposeAsync()
    {
        await Sqs.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task DefineAsync(FeedEngine engine)
    {
        await engine.Definitions.AddAsync(S3Harness.Plain with { EndpointUrl = "http://127.0.0.1:9" });
        await engine.Definitions.AddAsync(new S3Feed { Name = "orders", ConnectionName = "acme", Path = "in/" });
        await engine.Definitions.AddAsync(new S3Feed { Name = "returns", ConnectionName = "acme", Path = "back/" });
    }

    private FeedEngine NewEngine(string store) => new(StorePaths.Resolve(_folder[store]), new FeedEngineOptions
    {
        Time = Time, Loggers = Log,
        OpenQueue = (url, connection) =>
        {
            var clients = new AwsClients(connection, new SourceIdentity("queue", Guid.NewGuid()), S3Harness.Key, Log, TimeProvider.System, S3Harness.Quick);
            return new QueueClient(clients, url, Sqs.Url, connection.Region!);
        },
    });

    private Task<RunResult> RunAsync(string feed, RunOptions options, CancellationToken cancellationToken)
    {
        Runs.Enqueue(feed);
        var now = Time.GetUtcNow();
        return Task.FromResult(new RunResult(
            new()
            {
                Id = options.RunId!.Value, FeedId = Guid.Empty, FeedName = feed, Status = RunStatus.Succeeded, StartedAt = now, EndedAt = now, Host = "h",
                ProcessId = 1,
            },
            null, []));
    }
}
