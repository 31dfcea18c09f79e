using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Runs;

/// <summary>What happens to state.db from outside.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunHistory _history;

    public StateFileTests() => _history = new RunHistory(_folder["state"]);

    private string Database => _folder["state/state.db"];

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_moved_or_deleted_is_not_written_any_more_and_no_other_is_made(bool deleted)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows lets nobody move an open file");
        var first = Sample.Run();
        await _history.StartAsync(first);
        if (deleted)
            File.Delete(Database);
        else
            File.Move(Database, Database + ".old");

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var error = await Assert.ThrowsAsync<FeedException>(() => _history.StartAsync(Sample.Run()));
            Assert.Equal("RunHistoryMoved", error.Id);
            Assert.Equal("RunHistoryMoved", (await Assert.ThrowsAsync<FeedException>(async () => await _history.ListAsync().ToListAsync())).Id);
            Assert.StartsWith("Stop the worker", error.Hint, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(Database));
        if (!deleted)
        {
            File.Move(Database + ".old", Database);
            Assert.Equal([first.Id], (await _history.ListAsync().ToListAsync()).Select(r => r.Id));
        }
    }

    [SkippableFact]
    public async Task A_file_that_is_put_in_its_place_is_used()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows lets nobody move an open file");
        await _history.StartAsync(Sample.Run());
        using var other = new TemporaryFolder();
        var there = Sample.Run();
        await new RunHistory(other["state"]).StartAsync(there);
        SqliteConnection.ClearAllPools();
        await _history.StartAsync(Sample.Run());
        // SQLite would take the log of the old file for that of the new one, so they are moved together, as the hint says.
        foreach (var end in new[] { "", "-wal", "-shm" })
            File.Move(Database + end, $"{_folder["old"]}{end}");
        File.Copy(other["state/state.db"], Database);

        var second = Sample.Run();
        await _history.StartAsync(second);

        Assert.Equal([second.Id, there.Id], (await _history.ListAsync().ToListAsync()).Select(r => r.Id));
    }

    [SkippableFact]
    public async Task Of_many_callers_at_once_none_makes_another_file_when_the_file_is_moved()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows lets nobody move an open file");
        for (var round = 0; round < 40; round++)
        {
            using var folder = new TemporaryFolder();
            var history = new RunHistory(folder["state"]);
            var run = Sample.Run();
            await history.StartAsync(run);
            var errors = new System.Collections.Concurrent.ConcurrentBag<string>();
            using var stop = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        await history.FindAsync(run.Id);
                    }
                    catch (FeedException e)
                    {
                        errors.Add(e.Id);
                    }
                }
            })).ToArray();

            File.Move(folder["state/state.db"], folder["moved.db"]);
            while (errors.Count < 30)
                await Task.Yield();
            await stop.CancelAsync();
            await Task.WhenAll(callers);

            Assert.False(File.Exists(folder["state/state.db"]));
            Assert.Equal(["RunHistoryMoved"], errors.Distinct(StringComparer.Ordinal));
            File.Move(folder["moved.db"], folder["state/state.db"]);
            Assert.Equal(run.Id, (await history.FindAsync(run.Id))!.Id);
        }
    }

    [Theory]
    [InlineData(13, 13, "RunHistoryFull")]
    [InlineData(10, 4874, "RunHistoryFull")]
    [InlineData(5, 5, "RunHistoryBusy")]
    [InlineData(5, 517, "RunHistoryBusy")]
    [InlineData(6, 262, "RunHistoryBusy")]
    [InlineData(15, 15, "RunHistoryBusy")]
    [InlineData(8, 1032, "RunHistoryMoved")]
    [InlineData(8, 8, "RunHistoryUnusable", "is read-only.")]
    [InlineData(8, 1288, "RunHistoryUnusable", "is read-only.")]
    [InlineData(8, 1544, "RunHistoryUnusable", "is read-only.")]
    [InlineData(14, 14, "RunHistoryUnusable", "cannot be opened.")]
    [InlineData(14, 526, "RunHistoryUnusable", "cannot be opened.")]
    [InlineData(3, 3, "RunHistoryUnusable", "cannot be opened.")]
    [InlineData(10, 3338, "RunHistoryUnusable", "cannot be opened.")]
    [InlineData(11, 11, "RunHistoryUnusable", "the file is damaged or not a SQLite database.")]
    [InlineData(26, 26, "RunHistoryUnusable", "the file is damaged or not a SQLite database.")]
    [InlineData(10, 8458, "RunHistoryUnusable", "the file is damaged or not a SQLite database.")]
    [InlineData(7, 7, "RunHistoryUnusable", "there is not enough memory.")]
    [InlineData(10, 3082, "RunHistoryUnusable", "there is not enough memory.")]
    [InlineData(10, 778, "RunHistoryUnusable", "the system could not read or write it (SQLite's code 778).")]
    [InlineData(10, 3850, "RunHistoryUnusable", "the system could not read or write it (SQLite's code 3850).")]
    [InlineData(1, 1, "RunHistoryUnusable", "SQLite answers \"words\" (code 1).")]
    public void Each_code_of_SQLite_has_an_error_with_words_and_a_hint(int code, int extended, string id, string end = "")
    {
        var error = new StateDatabase(Database).Translate(new SqliteException("words", code, extended));
        Assert.Equal(id, error.Id);
        Assert.EndsWith(end, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [SkippableTheory]
    [InlineData(10, 1802)] // fstat
    [InlineData(10, 266)] // read
    [InlineData(14, 14)]
    [InlineData(5, 261)]
    [InlineData(8, 1032)]
    public async Task Each_code_is_that_of_a_moved_file_when_the_file_is_gone(int code, int extended)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows lets nobody move an open file");
        await _history.StartAsync(Sample.Run());
        var database = new StateDatabase(Database);
        database.Open().Dispose();
        Assert.NotEqual("RunHistoryMoved", database.Translate(new SqliteException("words", 1, 1)).Id);
        File.Move(Database, Database + ".old");
        Assert.Equal("RunHistoryMoved", database.Translate(new SqliteException("words", code, extended)).Id);
    }

    [Theory]
    [InlineData(28, "Full")]
    [InlineData(30, "ReadOnly")]
    [InlineData(2, "CannotOpen")]
    public void What_the_file_system_says_is_told_apart_too(int number, string trouble)
        => Assert.Equal(trouble, SqliteFailures.Classify(new IOException("words", number), path: null).ToString());

    [Fact]
    public async Task The_advice_to_move_a_damaged_file_begins_with_the_worker()
    {
        Directory.CreateDirectory(_folder["state"]);
        await File.WriteAllTextAsync(Database, string.Concat(Enumerable.Repeat("no database ", 200)));
        var error = await Assert.ThrowsAsync<FeedException>(() => _history.StartAsync(Sample.Run()));
        Assert.Equal("RunHistoryUnusable", error.Id);
        Assert.StartsWith("Stop the worker and everything else that uses the store. Then move the file away", error.Hint, StringComparison.Ordinal);
    }
}
