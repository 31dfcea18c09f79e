using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Runs;

/// <summary>The warnings of a run: collected once each, kept in the history.</summary>
public sealed class RunWarningTests
{
    [Fact]
    public async Task Warnings_come_back_from_the_history_as_they_were()
    {
        using var folder = new TestFolder();
        var history = new RunHistory(folder.Path);
        var run = Sample.Run();
        await history.StartAsync(run);
        FeedWarning[] warnings =
        [
            new("ColumnAdded", "Column \"a\n\" is new.") { Subject = "a", Position = new("s3://b/k.csv", 3, 17, "A"), Count = 4, Unit = "file", Hint = "Look.", Remedies = [new("Get-S3Feed x", "peaks3feed x"), new("Only-Cmdlet")] },
            new("Other", "Plain."),
        ];
        await history.WriteWarningsAsync(run.Id, warnings, default);
        await history.UpdateAsync(run with { Status = RunStatus.Succeeded, WarningCount = 2 });

        var read = await history.FindAsync(run.Id);
        Assert.Equal(2, read!.WarningCount);
        foreach (var found in new[] { read.Warnings, await history.ListWarningsAsync(run.Id).ToListAsync() })
        {
            Assert.Equal(warnings.Select(w => (w.Id, w.Message, w.Subject, w.Position, w.Count, w.Unit, w.Hint)), found.Select(w => (w.Id, w.Message, w.Subject, w.Position, w.Count, w.Unit, w.Hint)));
            Assert.Equal(warnings.SelectMany(w => w.Remedies), found.SelectMany(w => w.Remedies));
        }
    }

    [Fact]
    public async Task A_run_lists_its_first_hundred_warnings_and_the_history_has_all()
    {
        using var folder = new TestFolder();
        var history = new RunHistory(folder.Path);
        var run = Sample.Run();
        await history.StartAsync(run);
        await history.WriteWarningsAsync(run.Id, [.. Enumerable.Range(0, 250).Select(i => new FeedWarning("X", $"Number {i}."))], default);
        await history.UpdateAsync(run with { WarningCount = 250 });

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"Number {i}."), (await history.FindAsync(run.Id))!.Warnings.Select(w => w.Message));
        Assert.Equal(250, (await history.ListWarningsAsync(run.Id).ToListAsync()).Count);
    }

    [Fact]
    public async Task Writing_again_replaces_and_clearing_the_run_clears_them()
    {
        using var folder = new TestFolder();
        var history = new RunHistory(folder.Path);
        var run = Sample.Run(at: DateTimeOffset.UtcNow, status: RunStatus.Succeeded);
        await history.StartAsync(run);
        await history.WriteWarningsAsync(run.Id, [new("X", "One."), new("X", "Two.")], default);
        await history.WriteWarningsAsync(run.Id, [new("X", "One.")], default);
        Assert.Single(await history.ListWarningsAsync(run.Id).ToListAsync());

        await history.ClearAsync(RunFilter.All, before: null);
        Assert.Empty(await history.ListWarningsAsync(run.Id).ToListAsync());
    }

    [Fact]
    public void One_id_and_subject_is_one_warning_with_its_count()
    {
        var warnings = new RunWarnings("orders");
        warnings.BeginLoad();
        warnings.AddToObject([Column("a", "1.csv"), Column("b", "1.csv")]);
        warnings.EndObject();
        warnings.AddToObject([Column("a", "2.csv")]);
        warnings.EndObject();
        warnings.EndLoad();

        var (kept, total) = warnings.All();
        Assert.Equal(["s3://b/1.csv: Column a is new. (2 files in all)", "s3://b/1.csv: Column b is new."], kept.Select(w => w.Text));
        Assert.Equal(2, total);
    }

    [Fact]
    public void What_is_undone_or_begun_again_warns_once()
    {
        var warnings = new RunWarnings("orders");
        warnings.Planned([new("Plan", "Old.")]);
        warnings.Planned([new("Plan", "New.")]);
        warnings.BeginLoad();
        warnings.AddToObject([Column("a", "1.csv")]);
        warnings.EndObject();
        warnings.AddToObject([Column("undone", "2.csv")]);
        warnings.UndoObject();
        warnings.BeginLoad();
        warnings.AddToObject([Column("a", "1.csv")]);
        warnings.EndObject();
        warnings.EndLoad();

        Assert.Equal(["New.", "s3://b/1.csv: Column a is new."], warnings.All().Kept.Select(w => w.Text));
    }

    [Fact]
    public void Settings_become_commands_of_the_feed_and_warnings_beyond_the_limit_are_counted()
    {
        var warnings = new RunWarnings("orders");
        warnings.Add(new("X", "Set it.") { Settings = [new("OnBadFile", "Skip")] });
        for (var i = 0; i < RunWarnings.MaxKept + 5; i++)
            warnings.Add(new("Y", "Many.") { Subject = $"{i}" });

        var (kept, total) = warnings.All();
        Assert.Equal("peaks3feed set orders onBadFile=Skip", Assert.Single(kept[0].Remedies).Shell);
        Assert.Equal((RunWarnings.MaxKept, RunWarnings.MaxKept + 6L), (kept.Count, total));
    }

    private static FeedWarning Column(string name, string file)
        => new("ColumnAdded", $"Column {name} is new.") { Subject = name, Unit = "file", Position = new SourcePosition($"s3://b/{file}") };
}
