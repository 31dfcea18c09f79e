using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Store;

namespace PeakS3Feed.Tests.Runs;

public sealed class FeedRunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Guid _feed = Guid.NewGuid();
    private readonly RunHistory _history;

    public FeedRunLockTests() => _history = new RunHistory(_folder["state"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_tasks_of_one_process_cannot_both_hold_it()
    {
        using (var held = FeedRunLock.TryAcquire(_folder["state"], _feed))
        {
            Assert.NotNull(held);
            Assert.Null(FeedRunLock.TryAcquire(_folder["state"], _feed));
            using var other = FeedRunLock.TryAcquire(_folder["state"], Guid.NewGuid());
            Assert.NotNull(other);
            var error = await Assert.ThrowsAsync<FeedException>(() => FeedRunLock.AcquireAsync(_history, _feed, "orders"));
            Assert.Equal(("FeedAlreadyRunning", "orders"), (error.Id, error.Target));
            if (!OperatingSystem.IsWindows()) Assert.Equal("600", UnixMode.Get(FeedRunLock.GetPath(_folder["state"], _feed)));
        }

        using var again = await FeedRunLock.AcquireAsync(_history, _feed, "orders");
        Assert.Equal(_feed, again.FeedId);
    }

    [Fact]
    public async Task A_short_hold_is_waited_out()
    {
        var time = new SteppedTime(DateTimeOffset.UnixEpoch);
        var held = FeedRunLock.TryAcquire(_folder["state"], _feed)!;
        var waiting = FeedRunLock.AcquireAsync(_history, _feed, "orders", time);
        var pause = await time.WaitAsync(); // it has found the lock held, and means to try again
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        time.Advance(pause);
        (await waiting.WaitAsync(TestLimits.Hang)).Dispose();
    }

    [Trait(Category.Name, Category.Kill)]
    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task Of_another_process_it_is_named_kept_and_freed_by_death()
    {
        using var other = new WriterProcess("hold", _folder["state"], _feed.ToString());
        var runId = await other.FirstLine;

        var error = await Assert.ThrowsAsync<FeedException>(() => FeedRunLock.AcquireAsync(_history, _feed, "orders"));
        Assert.Contains($"run {runId}, on {Environment.MachineName} by process {other.Id}, since 20", error.Message, StringComparison.Ordinal);
        Assert.Empty(await _history.MarkDeadRunsAsync());

        other.Kill();
        await other.EndAsync();
        var dead = Assert.Single(await _history.MarkDeadRunsAsync());
        Assert.Equal((runId, RunStatus.Failed, "ProcessEnded", "process ended"), (dead.Id.ToString(), dead.Status, dead.ErrorId, dead.Error));
        Assert.NotNull(dead.EndedAt);
        using var free = FeedRunLock.TryAcquire(_folder["state"], _feed);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Whoever_holds_the_lock_can_mark_the_dead_before_starting()
    {
        var dead = Sample.Run(_feed);
        await _history.StartAsync(dead);
        using var held = await FeedRunLock.AcquireAsync(_history, _feed, "orders");
        Assert.Empty(await _history.MarkDeadRunsAsync());
        Assert.Equal(dead.Id, Assert.Single(await _history.MarkDeadRunsAsync(held)).Id);
        Assert.Null(FeedRunLock.TryAcquire(_folder["state"], _feed));
    }

    [Fact]
    public async Task Runs_of_other_hosts_are_left_alone()
    {
        await _history.StartAsync(Sample.Run(_feed) with { Host = "elsewhere" });
        Assert.Empty(await _history.MarkDeadRunsAsync());
    }
}
