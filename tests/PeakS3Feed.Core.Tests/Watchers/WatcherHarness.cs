using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Runs;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Tests.Watchers;

/// <summary>A store with the feeds "orders" and "items", a clock that stands still until it is moved, and runs that are only written down.</summary>
internal sealed class WatcherHarness : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private WatcherHarness(DateTimeOffset start)
    {
        Time = new(start) { AutoAdvanceAmount = TimeSpan.Zero };
        Sent = new(Time);
        Engine = NewEngine();
    }

    /// <summary>A Monday.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    /// <summary>How that day began.</summary>
    public static DateTimeOffset Midnight { get; } = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; }

    public SentMessages Sent { get; }

    public FeedEngine Engine { get; }

    public string Path => _folder.Path;

    public static async Task<WatcherHarness> StartAsync(params S3FeedWatcher[] watchers) => await StartAsync(Start, watchers);

    public static async Task<WatcherHarness> StartAsync(DateTimeOffset start, params S3FeedWatcher[] watchers)
    {
        var h = new WatcherHarness(start);
        await h.Engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme", EndpointUrl = new Uri(h._folder.Path).AbsoluteUri });
        await h.Engine.Definitions.AddAsync(new S3Feed { Name = "orders", ConnectionName = "acme" });
        await h.Engine.Definitions.AddAsync(new S3Feed { Name = "items", ConnectionName = "acme" });
        foreach (var watcher in watchers)
            await h.Engine.Definitions.AddAsync(watcher);
        h.Time.Advance(TimeSpan.FromSeconds(1));
        return h;
    }

    public static S3FeedWatcher Watcher(string name = "ops", string feed = "orders", params WatcherEvent[] events)
        => new() { Name = name, FeedName = feed, Kind = WatcherKind.Webhook, Url = "https://hooks.example/x", Events = events.Length == 0 ? [WatcherEvent.RunFailed] : events };

    public static S3FeedWatcher Arrival(TimeOnly by, string? zone = null, string feed = "orders", params DayOfWeek[] days)
        => Watcher(feed: feed, events: WatcherEvent.NothingArrived) with { ArrivesBy = by, TimeZone = zone, ArrivesOn = days };

    /// <param name="time">Another clock than <see cref="Time"/>.</param>
    public WatcherService NewService(TimeProvider? time = null) => new(NewEngine(time), Sent);

    /// <summary>Writes down a run that began some time ago, and ends now.</summary>
    public async Task<S3FeedRun> RanAsync(RunStatus status, string feed = "orders", TimeSpan? took = null, Func<S3FeedRun, S3FeedRun>? change = null, int rejects = 0)
    {
        var run = await BeginAsync(feed, took ?? TimeSpan.FromSeconds(12));
        if (rejects > 0)
        {
            await using var log = Engine.History.OpenRejects(run.Id);
            await log.AddAsync(1, [.. Enumerable.Range(2, rejects).Select(line => Sample.Reject(line: line, raw: "customer,data"))]);
        }
        run = run with { Status = status, EndedAt = Time.GetUtcNow(), RowsRejected = rejects, ErrorId = status == RunStatus.Failed ? "TableMissing" : null, Error = status == RunStatus.Failed ? "The table is gone." : null };
        run = change?.Invoke(run) ?? run;
        await Engine.History.UpdateAsync(run);
        return run;
    }

    /// <summary>Writes down a run that is under way.</summary>
    public async Task<S3FeedRun> BeginAsync(string feed = "orders", TimeSpan ago = default, string? host = "elsewhere")
    {
        var definition = await Engine.Definitions.FindFeedAsync(feed);
        var run = Sample.Run(definition.Id, Time.GetUtcNow() - ago, name: feed);
        // On this host it would be found dead, for nobody holds its lock.
        run = run with { Host = host ?? run.Host };
        await Engine.History.StartAsync(run);
        return run;
    }

    public Task<List<S3FeedDelivery>> DeliveriesAsync() => Engine.Deliveries.ListAsync(null).ToListAsync();

    /// <summary>Moves the clock to each time that the service asks for.</summary>
    public async Task PlayAsync(WatcherService service, TimeSpan span)
    {
        var end = Time.GetUtcNow() + span;
        while (await service.TickAsync(default) is { } next && next <= end)
        {
            if (next > Time.GetUtcNow())
                Time.SetUtcNow(next);
        }
        Time.SetUtcNow(end);
    }

    public void Dispose() => _folder.Dispose();

    private FeedEngine NewEngine(TimeProvider? time = null) => new(StorePaths.Resolve(_folder.Path), new FeedEngineOptions { Time = time ?? Time });
}
