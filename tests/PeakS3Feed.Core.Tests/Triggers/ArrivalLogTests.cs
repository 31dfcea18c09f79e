using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Triggers.Arrivals;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Triggers;

public sealed class ArrivalLogTests : IDisposable
{
    private static readonly Guid Feed = Guid.NewGuid();
    private static readonly Guid Trigger = Guid.NewGuid();

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new(2026, 11, 30, 8, 0, 0, TimeSpan.Zero));
    private readonly ArrivalLog _log;
    private readonly FireLog _fires;

    public ArrivalLogTests()
    {
        _log = new(_folder.Path, _time);
        _fires = new(_folder.Path, _time);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reading_creates_no_database()
    {
        Assert.Null(await _log.MarkAsync([Trigger], default));
        Assert.Empty(await _log.ListTriggersAsync(default));
        Assert.Equal(0, await _log.CountAsync(Trigger, default));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_run_forgets_only_what_was_announced_before_it_began()
    {
        await AnnounceAsync("a", "01");
        await AnnounceAsync("b", "01");
        var mark = await _log.MarkAsync([Trigger], default);
        await AnnounceAsync("b", "02"); // overwritten while the run lists
        await AnnounceAsync("c", "01");

        Assert.Equal(1, await _log.ForgetAsync(mark!, default));

        Assert.Equal(2, await _log.CountAsync(Trigger, default));
    }

    [Fact]
    public async Task A_number_is_never_used_again()
    {
        await AnnounceAsync("a", "01");
        var mark = await _log.MarkAsync([Trigger], default);
        await _log.ForgetAsync(mark!, default);
        await AnnounceAsync("a", "02");

        Assert.Equal(0, await _log.ForgetAsync(mark!, default));
    }

    [Fact]
    public async Task An_event_that_comes_twice_or_late_changes_nothing()
    {
        await AnnounceAsync("a", "02");
        var mark = await _log.MarkAsync([Trigger], default);

        Assert.Equal(0, await AnnounceAsync("a", "02"));
        Assert.Equal(0, await AnnounceAsync("a", "01"));
        Assert.Equal(1, await _log.ForgetAsync(mark!, default));
    }

    [Fact]
    public async Task Several_events_fire_once_and_again_only_for_later_ones()
    {
        await AnnounceAsync("a", "01");
        await AnnounceAsync("b", "01");

        Assert.True(await _log.FireAsync(Fire(), listingIsDue: false, default));
        Assert.False(await _log.FireAsync(Fire(), listingIsDue: false, default)); // the feed's fire is open
        await EndAsync();
        Assert.False(await _log.FireAsync(Fire(), listingIsDue: false, default)); // its run failed
        await AnnounceAsync("c", "01");
        Assert.True(await _log.FireAsync(Fire(), listingIsDue: false, default));
    }

    [Fact]
    public async Task What_no_run_has_loaded_fires_again_later()
    {
        await AnnounceAsync("a", "01");
        Assert.True(await _log.FireAsync(Fire(), listingIsDue: false, default));
        await EndAsync();

        _time.Advance(ArrivalLog.RetryAfter - TimeSpan.FromSeconds(1));
        Assert.False(await _log.FireAsync(Fire(), listingIsDue: false, default));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await _log.FireAsync(Fire(), listingIsDue: false, default));
    }

    [Fact]
    public async Task Without_arrivals_nothing_fires()
    {
        await AnnounceAsync("a", "01");
        await _log.ForgetAsync((await _log.MarkAsync([Trigger], default))!, default);

        Assert.False(await _log.FireAsync(Fire(), listingIsDue: false, default));
    }

    [Fact]
    public async Task Arrivals_of_a_removed_trigger_are_forgotten_after_an_hour()
    {
        await AnnounceAsync("a", "01");
        Assert.Equal(0, await _log.ForgetOthersAsync([Guid.NewGuid()], default));
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(0, await _log.ForgetOthersAsync([Trigger], default));
        Assert.Equal(1, await _log.ForgetOthersAsync([Guid.NewGuid()], default));
    }

    private Task<int> AnnounceAsync(string key, string sequencer) => _log.RecordAsync([new(Trigger, "acme", key, sequencer)], default);

    private async Task EndAsync()
    {
        var fire = Assert.Single(await _fires.ListQueuedAsync(default));
        await _fires.StartAsync(fire.Id, "worker", default);
        await _fires.EndAsync(Assert.Single(await _fires.ListStartedAsync(default)), FireState.Ended, null, default);
    }

    private S3FeedFire Fire() => new()
    {
        Id = Guid.NewGuid(), TriggerId = Trigger, TriggerName = "queue", FeedId = Feed, Scheduled = false, DueAt = _time.GetUtcNow(),
        State = FireState.Queued, DecidedAt = _time.GetUtcNow(), RunId = Guid.NewGuid(),
    };
}
