using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Serving;

/// <summary>A store with the feed "orders", a clock that stands still until it is moved, and services whose runs are only written down.</summary>
internal sealed class ServiceHarness : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ServiceHarness(FakeTimeProvider? time = null)
    {
        Time = time ?? new(Start);
        Time.AutoAdvanceAmount = TimeSpan.Zero;
        Engine = NewEngine();
    }

    /// <summary>A Monday.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; }

    public FeedEngine Engine { get; }

    public ConcurrentQueue<(string Feed, DateTimeOffset At, Guid RunId)> Runs { get; } = new();

    /// <summary>What a run waits for.</summary>
    public Func<CancellationToken, Task> During { get; set; } = _ => Task.CompletedTask;

    public static async Task<ServiceHarness> StartAsync(params S3FeedTrigger[] triggers)
    {
        var h = new ServiceHarness();
        await h.DefineAsync(triggers);
        return h;
    }

    /// <summary>Adds the connection, the feed and some triggers.</summary>
    public async Task DefineAsync(params S3FeedTrigger[] triggers)
    {
        await Engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme", EndpointUrl = new Uri(_folder.Path).AbsoluteUri });
        await Engine.Definitions.AddAsync(new S3Feed { Name = "orders", ConnectionName = "acme" });
        foreach (var trigger in triggers)
            await Engine.Definitions.AddAsync(trigger);
    }

    public static S3FeedTrigger Every(TimeSpan interval, MisfireAction misfire = MisfireAction.RunOnce, string name = "often")
        => new() { Name = name, FeedName = "orders", Kind = TriggerKind.Every, Every = interval, Misfire = misfire };

    public static S3FeedTrigger Webhook(string name = "hook") => new() { Name = name, FeedName = "orders", Kind = TriggerKind.Webhook };

    public TriggerService NewService(int mostRuns = 4) => new(NewEngine(), new TriggerServiceOptions { Run = RunAsync, MaxRuns = mostRuns });

    public async Task<List<S3FeedFire>> FiresAsync()
    {
        var fires = await Engine.Fires.ListAsync(null).ToListAsync();
        return [.. fires.OrderBy(f => f.DueAt).ThenBy(f => f.DecidedAt)];
    }

    public void Dispose() => _folder.Dispose();

    private FeedEngine NewEngine() => new(StorePaths.Resolve(_folder.Path), new FeedEngineOptions { Time = Time });

    private async Task<RunResult> RunAsync(string feed, RunOptions options, CancellationToken cancellationToken)
    {
        var started = Time.GetUtcNow();
        Runs.Enqueue((feed, started, options.RunId!.Value));
        var status = RunStatus.Succeeded;
        try
        {
            await During(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            status = RunStatus.Canceled;
        }
        var run = new S3FeedRun
        {
            Id = options.RunId.Value, FeedId = Guid.Empty, FeedName = feed, Status = status, StartedAt = started, EndedAt = Time.GetUtcNow(), Host = "h", ProcessId = 1,
        };
        return new RunResult(run, null, []);
    }
}
