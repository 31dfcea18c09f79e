using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Runs;

/// <summary>Runs that had nothing to do are one for each feed and day after a day, unless somebody may still ask for one of them.</summary>
public sealed class RunFoldingTests : IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Day);
    private readonly RunHistory _history;
    private readonly Guid _feed = Guid.NewGuid();

    public RunFoldingTests() => _history = new RunHistory(_folder["state"], _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_keep_their_number_and_the_first_and_last_of_them()
    {
        var other = Guid.NewGuid();
        List<S3FeedRun> idle = [];
        for (var hour = 1; hour <= 5; hour++)
            idle.Add(await EndedAsync(Day.AddHours(hour)));
        var loaded = await EndedAsync(Day.AddHours(3.5), run => run with { Status = RunStatus.Succeeded, RowsRead = 1, RowsLoaded = 1 });
        var failed = await EndedAsync(Day.AddHours(3.6), run => run with { Status = RunStatus.Failed, ErrorId = "X", Error = "x" });
        var next = await EndedAsync(Day.AddHours(25));
        var alone = await EndedAsync(Day.AddHours(2), feed: other);
        await PruneAsync(Day.AddHours(50));

        var runs = await _history.ListAsync(new RunFilter { FeedId = _feed }).Where(r => r.StartedAt < Day.AddHours(50)).ToListAsync();
        Assert.Equal([next.Id, idle[4].Id, failed.Id, loaded.Id], runs.Select(r => r.Id));
        Assert.Equal((5, Day.AddHours(1), Day.AddHours(5)), (runs[1].Runs, runs[1].FirstStartedAt, runs[1].StartedAt));
        Assert.Equal("nothing to do, 5 runs", Quantities.Status(runs[1]));
        Assert.Equal((1, next.StartedAt), (runs[0].Runs, runs[0].FirstStartedAt));
        Assert.Equal(alone, await _history.FindAsync(alone.Id));
        Assert.Null(await _history.FindAsync(idle[0].Id));
        Assert.True(await _history.HasStartedAsync(_feed, Day.AddHours(1), Day.AddHours(2), default));
        Assert.False(await _history.HasStartedAsync(_feed, Day.AddHours(0), Day.AddHours(0.5), default));
    }

    [Fact]
    public async Task What_is_folded_is_folded_further()
    {
        var first = await EndedAsync(Day.AddHours(1));
        await EndedAsync(Day.AddHours(2));
        await PruneAsync(Day.AddHours(26.5));
        await EndedAsync(Day.AddHours(4));
        await EndedAsync(Day.AddHours(5));
        await PruneAsync(Day.AddHours(60));

        var run = Assert.Single(await _history.ListAsync().Where(r => r.StartedAt < Day.AddHours(24)).ToListAsync());
        Assert.Equal((4, first.StartedAt, Day.AddHours(5)), (run.Runs, run.FirstStartedAt, run.StartedAt));
    }

    [Fact]
    public async Task A_run_that_somebody_may_ask_for_stays()
    {
        var warned = await EndedAsync(Day.AddHours(1), run => run with { WarningCount = 1 });
        var promised = await EndedAsync(Day.AddHours(2));
        var queued = await EndedAsync(Day.AddHours(3));
        var unsent = await EndedAsync(Day.AddHours(4));
        var sent = await EndedAsync(Day.AddHours(5));
        var scheduled = await EndedAsync(Day.AddHours(6));
        var last = await EndedAsync(Day.AddHours(7));
        Execute($"INSERT INTO trigger_requests VALUES ('t', 'r', '{promised.Id:D}', '2026')");
        Fire(queued.Id, scheduled: 0, "Ended");
        Fire(scheduled.Id, scheduled: 1, "Ended");
        Fire(last.Id, scheduled: 1, "Ended");
        Message(unsent.Id, "Waiting");
        Message(sent.Id, "Delivered");
        await PruneAsync(Day.AddHours(50));

        Assert.Equal(
            [last.Id, unsent.Id, queued.Id, promised.Id, warned.Id],
            await _history.ListAsync().Where(r => r.StartedAt < Day.AddHours(50)).Select(r => r.Id).ToListAsync());
        Assert.Equal(3, (await _history.FindAsync(last.Id))!.Runs);
        Assert.Equal(2, Count("fires"));
    }

    [Fact]
    public async Task What_no_watcher_has_looked_at_stays_for_a_week()
    {
        await EndedAsync(Day.AddHours(1));
        await EndedAsync(Day.AddHours(2));
        Execute($"INSERT INTO housekeeping VALUES ('watch', '{Day.AddHours(1.5).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)}')");
        await PruneAsync(Day.AddHours(50));
        Assert.Equal(2, Count("runs WHERE started_at<'2026-03-05'"));
        await PruneAsync(Day.AddDays(9));
        Assert.Equal(1, Count("runs WHERE started_at<'2026-03-05'"));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task A_quarter_of_a_feed_that_runs_each_minute_takes_no_more_room_than_its_first_days()
    {
        const int Days = 90;
        await EndedAsync(Day.AddMinutes(-1));
        var (rows, pages) = (0L, 0L);
        for (var day = 0; day < Days; day++)
        {
            await MinutesAsync(Day.AddDays(day));
            await PruneAsync(Day.AddDays(day + 1));
            if (day == 3)
                (rows, pages) = (Count("runs") + Count("fires"), Pages());
        }

        Assert.InRange(rows, 2 * 1440, 2 * 3 * 1440);
        // Each day adds one run with its fire, and the runs of this test that are written as succeeded ones when it prunes.
        Assert.InRange(Count("runs") + Count("fires"), 2 * 1440, rows + (3 * Days));
        Assert.InRange(Pages(), 1, pages + (pages / 5));
        Assert.Equal(1440, (await _history.ListAsync(new RunFilter { FeedId = _feed }).Where(r => r.Runs > 1).FirstAsync()).Runs);
    }

    [Fact]
    public async Task A_run_that_was_folded_says_where_it_went()
    {
        var gone = await EndedAsync(Day.AddHours(1));
        await EndedAsync(Day.AddHours(2));
        await PruneAsync(Day.AddHours(50));
        var error = await Assert.ThrowsAsync<FeedException>(() => _history.UpdateAsync(gone));
        Assert.Equal("RunNotFound", error.Id);
        Assert.Equal("The history keeps runs for 90 days. Runs of one day that had nothing to do become one entry.", error.Hint);
    }

    private async Task<S3FeedRun> EndedAsync(DateTimeOffset at, Func<S3FeedRun, S3FeedRun>? change = null, Guid? feed = null)
    {
        var run = Sample.Run(feed ?? _feed, at, RunStatus.NothingToDo) with { EndedAt = at.AddSeconds(1) };
        run = change?.Invoke(run) ?? run;
        await _history.StartAsync(run);
        return run;
    }

    // A run that loaded something comes at that time, and with it the day's housekeeping.
    private async Task PruneAsync(DateTimeOffset at)
    {
        if (at > _time.GetUtcNow())
            _time.SetUtcNow(at);
        await EndedAsync(at, run => run with { Status = RunStatus.Succeeded });
    }

    private async Task MinutesAsync(DateTimeOffset day)
    {
        await using var connection = Connection();
        await using var transaction = await connection.BeginTransactionAsync();
        for (var minute = 0; minute < 1440; minute++)
        {
            var at = day.AddMinutes(minute).Text();
            connection.Execute(
                """
                INSERT INTO runs (id, feed_id, feed_name, status, started_at, ended_at, objects_planned, objects_loaded, objects_skipped, objects_failed,
                    rows_read, rows_loaded, rows_rejected, bytes_read, commits, host, process_id)
                VALUES ($id, $feed, 'orders', 'NothingToDo', $at, $at, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'host', 1)
                """,
                ("$id", Guid.NewGuid().Text()), ("$feed", _feed.Text()), ("$at", at));
            connection.Execute(
                """
                INSERT INTO fires (id, trigger_id, trigger_name, feed_id, scheduled, due_at, state, decided_at, run_id, requests, attempts)
                SELECT $id, 't', 'minutely', feed_id, 1, $at, 'Ended', $at, id, 0, 1 FROM runs WHERE rowid=last_insert_rowid()
                """,
                ("$id", Guid.NewGuid().Text()), ("$at", at));
        }
        await transaction.CommitAsync();
    }

    private void Fire(Guid run, int scheduled, string state) => Execute(
        "INSERT INTO fires (id, trigger_id, trigger_name, feed_id, scheduled, due_at, state, decided_at, run_id, requests, attempts) "
        + $"VALUES ('{Guid.NewGuid()}', 't', 't', '{_feed:D}', {scheduled}, '{Guid.NewGuid()}', '{state}', '2026-03-04', '{run:D}', 0, 1)");

    private void Message(Guid run, string state) => Execute(
        "INSERT INTO deliveries (id, watcher_id, watcher_name, event, occasion, run_id, message, state, made_at, attempts, next_at) "
        + $"VALUES ('{Guid.NewGuid()}', 'w', 'w', 'RunsLong', '{run:D}', '{run:D}', '', '{state}', '2026-03-04', 0, '2026-03-04')");

    private void Execute(string sql)
    {
        using var connection = Connection();
        connection.Execute(sql);
    }

    private long Count(string from)
    {
        using var connection = Connection();
        return connection.Scalar("SELECT count(*) FROM " + from);
    }

    private long Pages()
    {
        using var connection = Connection();
        return connection.Scalar("PRAGMA page_count");
    }

    private SqliteConnection Connection()
    {
        var connection = new SqliteConnection($"Data Source={_folder["state/state.db"]};Pooling=False");
        connection.Open();
        return connection;
    }
}
