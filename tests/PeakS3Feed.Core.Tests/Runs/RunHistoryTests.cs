using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Store;

namespace PeakS3Feed.Tests.Runs;

public sealed class RunHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly RunHistory _history;

    public RunHistoryTests() => _history = new RunHistory(_folder["state"], _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_kept_as_it_stands()
    {
        var run = Sample.Run(at: new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)).AddTicks(1234567));
        await _history.StartAsync(run);
        Assert.Equal(run, await _history.FindAsync(run.Id));
        var ended = run with
        {
            Status = RunStatus.Failed,
            EndedAt = Sample.Now.AddMinutes(3),
            ObjectsPlanned = 9,
            ObjectsLoaded = 5,
            ObjectsSkipped = 2,
            ObjectsFailed = 1,
            RowsRead = 5_000_000_000,
            RowsLoaded = 4_999_999_999,
            RowsRejected = 1,
            BytesRead = 77_000_000_000,
            Commits = 3,
            ErrorId = "DiskFull",
            Error = "The disk is full.",
        };
        await _history.UpdateAsync(ended);
        Assert.Equal(ended, await new RunHistory(_folder["state"]).FindAsync(run.Id));
        Assert.Null(await _history.FindAsync(Guid.NewGuid()));
        Assert.Equal("RunNotFound", (await Assert.ThrowsAsync<FeedException>(() => _history.UpdateAsync(Sample.Run()))).Id);
    }

    [Fact]
    public async Task Reading_a_history_that_was_never_written_makes_nothing()
    {
        Assert.Empty(await _history.ListAsync().ToListAsync());
        Assert.Null(await _history.FindAsync(Guid.NewGuid()));
        Assert.False(await _history.IsStopRequestedAsync(Guid.NewGuid()));
        Assert.Empty(await _history.MarkDeadRunsAsync());
        Assert.False(Directory.Exists(_folder["state"]));
    }

    [SkippableFact]
    public async Task Its_files_are_their_owners_only_while_open_too()
    {
        Skip.If(OperatingSystem.IsWindows());
        await _history.StartAsync(Sample.Run());
        await using var runs = _history.ListAsync().GetAsyncEnumerator();
        await runs.MoveNextAsync();
        var files = Directory.GetFiles(_folder["state"]);
        Assert.Contains(files, f => f.EndsWith("state.db-wal", StringComparison.Ordinal));
        Assert.All(files, f => Assert.Equal("600", UnixMode.Get(f)));
        Assert.Equal("700", UnixMode.Get(_folder["state"]));
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_by_feed_name_and_status()
    {
        var feed = Guid.NewGuid();
        for (var i = 0; i < 450; i++)
            await _history.StartAsync(Sample.Run(
                i % 2 == 0 ? feed : null,
                Sample.Now.AddSeconds(i % 3 == 0 ? -i : i),
                i % 5 == 0 ? RunStatus.Failed : RunStatus.Succeeded,
                i % 2 == 0 ? "Orders" : "log"));
        var all = await _history.ListAsync().ToListAsync();
        Assert.Equal(450, all.Count);
        Assert.Equal(all.OrderByDescending(r => r.StartedAt), all);
        Assert.Equal(225, (await _history.ListAsync(new RunFilter { FeedId = feed }).ToListAsync()).Count);
        Assert.Equal(225, (await _history.ListAsync(new RunFilter { FeedName = "ORDERS" }).ToListAsync()).Count);
        var some = await _history.ListAsync(new RunFilter { FeedId = feed, Statuses = [RunStatus.Failed, RunStatus.Canceled], Last = 7 }).ToListAsync();
        Assert.Equal(all.Where(r => r.FeedId == feed && r.Status == RunStatus.Failed).Take(7), some);
    }

    [Fact]
    public async Task Listing_can_be_broken_off_while_others_write()
    {
        for (var i = 0; i < 300; i++) await _history.StartAsync(Sample.Run());
        await foreach (var run in _history.ListAsync())
        {
            await _history.UpdateAsync(run with { Status = RunStatus.Succeeded });
            break;
        }

        Assert.Single(await _history.ListAsync(new RunFilter { Statuses = [RunStatus.Succeeded] }).ToListAsync());
    }

    [Fact]
    public async Task Runs_older_than_90_days_go_with_their_rejects_once_a_day()
    {
        var old = Sample.Run(status: RunStatus.Succeeded);
        var stuck = Sample.Run();
        await _history.StartAsync(old);
        await _history.StartAsync(stuck);
        await using (var log = _history.OpenRejects(old.Id)) await log.AddAsync(1, [Sample.Reject()]);
        _time.Advance(TimeSpan.FromDays(89.5));
        await _history.StartAsync(Sample.Run(at: _time.GetUtcNow()));
        Assert.NotNull(await _history.FindAsync(old.Id));
        _time.Advance(TimeSpan.FromHours(13));
        await _history.StartAsync(Sample.Run(at: _time.GetUtcNow()));
        Assert.NotNull(await _history.FindAsync(old.Id));
        _time.Advance(TimeSpan.FromHours(13));
        await _history.StartAsync(Sample.Run(at: _time.GetUtcNow()));
        Assert.Null(await _history.FindAsync(old.Id));
        Assert.Empty(await _history.ListRejectsAsync(old.Id).ToListAsync());
        Assert.NotNull(await _history.FindAsync(stuck.Id));
    }

    [Fact]
    public async Task A_stop_is_requested_of_a_run_under_way_and_survives_its_updates()
    {
        var run = Sample.Run();
        await _history.StartAsync(run);
        Assert.False(await _history.IsStopRequestedAsync(run.Id));
        Assert.True(await new RunHistory(_folder["state"]).RequestStopAsync(run.Id));
        await _history.UpdateAsync(run with { RowsRead = 1 });
        Assert.True(await _history.IsStopRequestedAsync(run.Id));
        await _history.UpdateAsync(run with { Status = RunStatus.Canceled });
        Assert.False(await _history.RequestStopAsync(run.Id));
        Assert.Equal("RunNotFound", (await Assert.ThrowsAsync<FeedException>(() => _history.RequestStopAsync(Guid.NewGuid()))).Id);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await _history.StartAsync(Sample.Run());
        await using (var connection = new SqliteConnection($"Data Source={_folder["state/state.db"]}"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version=99";
            await command.ExecuteNonQueryAsync();
        }

        var error = await Assert.ThrowsAsync<FeedException>(() => new RunHistory(_folder["state"]).StartAsync(Sample.Run()));
        Assert.Equal("RunHistoryTooNew", error.Id);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_left_alone()
    {
        Directory.CreateDirectory(_folder["state"]);
        var text = string.Concat(Enumerable.Repeat("this is no database ", 100));
        await File.WriteAllTextAsync(_folder["state/state.db"], text);
        var error = await Assert.ThrowsAsync<FeedException>(() => _history.StartAsync(Sample.Run()));
        Assert.Equal("RunHistoryUnusable", error.Id);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(_folder["state/state.db"]));
    }

    [Trait(Category.Name, Category.Kill)]
    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task Several_processes_write_at_once()
    {
        var writers = Enumerable.Range(0, 3).Select(_ => new WriterProcess("runs", _folder["state"], "40")).ToList();
        var acknowledged = (await Task.WhenAll(writers.Select(w => w.EndAsync()))).SelectMany(l => l).ToList();
        Assert.All(await Task.WhenAll(writers.Select(w => w.Errors)), Assert.Empty);
        var runs = await _history.ListAsync().ToListAsync();
        Assert.Equal(120, acknowledged.Count);
        Assert.Equal(acknowledged.Order(), runs.Select(r => r.Id.ToString()).Order());
        Assert.All(runs, r => Assert.Equal(RunStatus.Succeeded, r.Status));
        foreach (var run in runs) Assert.Single(await _history.ListRejectsAsync(run.Id).ToListAsync());
        writers.ForEach(w => w.Dispose());
    }
}
