using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.PostgreSql;
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
    /// <summary>The destination of the feeds. No run opens it.</summary>
    public const string Warehouse = "warehouse";

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

    /// <summary>A feed of the connection into a destination that several feeds load at the same time.</summary>
    public static S3Feed Feed(string name) => new() { Name = name, ConnectionName = "acme", DestinationNames = [Warehouse] };

    /// <summary>Adds the connection, the destination, the feed and some triggers.</summary>
    public async Task DefineAsync(params S3FeedTrigger[] triggers)
    {
        await Engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme", EndpointUrl = new Uri(_folder.Path).AbsoluteUri });
        await Engine.Definitions.AddAsync(new PostgreSqlDestination { Name = Warehouse, Host = "db", Database = "dwh", Username = "loader", Password = "env:P" });
        await Engine.Definitions.AddAsync(Feed("orders"));
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

    /// <summary>Writes a file of the bucket.</summary>
    public void Put(string key, string text) => File.WriteAllText(Path.Combine(_folder.Path, key), text);

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
