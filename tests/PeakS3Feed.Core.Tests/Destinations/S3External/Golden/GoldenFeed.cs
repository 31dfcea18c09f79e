using System.Globalization;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.TestKinds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>
/// Feeds that make a golden table. Ids and times are the same each time, and one task reads the objects, so that the table differs only in the names
/// of its files, its id, and what a newer library writes in another way.
/// </summary>
internal sealed class GoldenFeed : IDisposable
{
    private const string OtherFeed = "others";

    private readonly ExternalFeed _feed;
    private readonly FixedClock _clock = new();
    private string? _others;
    private int _runs;

    private GoldenFeed(ExternalFeed feed) => _feed = feed;

    /// <summary>The folder of the table.</summary>
    public string Table => _feed.Table;

    /// <summary>Commits what another program would.</summary>
    public ExternalFeed Others => _feed;

    /// <summary>Creates the feed.</summary>
    public static async Task<GoldenFeed> BeginAsync(
        Func<S3Feed, S3Feed>? configure, Func<S3ExternalDestination, S3ExternalDestination>? destination) => new(await ExternalFeed.BeginAsync(
            f =>
            {
                f = f with { Id = Id(1), AuditColumns = AuditColumns.None };
                return configure?.Invoke(f) ?? f;
            },
            destination));

    /// <summary>The columns of a feed, by name, type and scale.</summary>
    public static FeedSchema Columns(params (string Name, ColumnType Type, int Scale)[] columns)
        => new([.. columns.Select(c => new FeedColumn(c.Name, c.Name, c.Type, c.Scale))]);

    /// <summary>Writes an object of the feed, and runs it.</summary>
    public async Task LoadAsync(string name, string text)
    {
        Write(name, text);
        await RunAsync();
    }

    /// <summary>Writes an object of the feed.</summary>
    public void Write(string name, string text) => _feed.Write(name, text);

    /// <summary>Writes an object of a second feed, which loads into the same table, and runs that feed.</summary>
    public async Task LoadByOtherFeedAsync(string name, string text, Func<S3Feed, S3Feed> configure)
    {
        _others ??= await _feed.AddFeedAsync(OtherFeed, f => configure(f with { Id = Id(2), AuditColumns = AuditColumns.None }));
        await File.WriteAllTextAsync(Path.Combine(_others, name), text);
        await RunAsync(OtherFeed);
    }

    /// <summary>Runs a feed to success.</summary>
    public async Task RunAsync(string feed = TestStore.FeedName)
    {
        var options = new RunOptions { RunId = Id(1000 + ++_runs), MaxParallelism = 1 };
        var run = await Engine().RunAsync(feed, options, accessKey: null, progress: null, CancellationToken.None);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString() ?? run.Run.Status.ToString());
        _clock.Now += TimeSpan.FromMinutes(1);
    }

    /// <summary>Compacts the table.</summary>
    public Task OptimizeAsync() => Engine().OptimizeTablesAsync(TestStore.FeedName, CancellationToken.None);

    /// <summary>Resets the feed, and keeps the table.</summary>
    public Task ResetAsync() => Engine().ResetAsync(TestStore.FeedName, dropTable: false, CancellationToken.None);

    /// <summary>Lets time pass: what is in the log was written before.</summary>
    public void Wait(TimeSpan time)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Table, "_delta_log")))
            File.SetLastWriteTimeUtc(file, _clock.Now.UtcDateTime);
        _clock.Now += time;
    }

    /// <summary>The time now, in milliseconds since 1970.</summary>
    public long Now => _clock.Now.ToUnixTimeMilliseconds();

    public void Dispose() => _feed.Dispose();

    private FeedEngine Engine()
        => new(_feed.Store.Paths, new FeedEngineOptions { Time = _clock, Retry = TestStore.Impatient, Kinds = OutsideKinds.Registered });

    private static Guid Id(int number) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:D12}"));

    // Timers run as usual.
    private sealed class FixedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
