using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>The record of a run keeps the files that it left out.</summary>
public sealed class SkippedFileTests
{
    private const string Bad = "id,note\n1,\"never closed\n";

    [Fact]
    public async Task Each_file_is_a_warning_of_the_stored_run_with_its_reason()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip });
        loading.Write("a.csv", "id,note\n-1,good\n");
        loading.Write("b.csv", Bad);
        loading.Write("c.csv", Loading.Numbers(20_000, "\"never closed"));
        var result = await loading.RunAsync();

        Assert.Equal((RunStatus.SucceededWithRejects, 2, 0L), (result.Run.Status, result.Run.ObjectsFailed, result.Run.RowsRejected));
        Assert.Equal("files skipped", Quantities.Status(result.Run));
        var stored = Assert.Single(await loading.Store.RunsAsync());
        Assert.Equal(["s3://bucket/b.csv", "s3://bucket/c.csv"], stored.Warnings.Where(w => w.Id == "FileSkipped").Select(w => w.Subject).Order(StringComparer.Ordinal));
        var warning = stored.Warnings.Single(w => w.Subject == "s3://bucket/b.csv");
        Assert.StartsWith("s3://bucket/b.csv was left out: ", warning.Message, StringComparison.Ordinal);
        Assert.Contains("quote", warning.Message, StringComparison.Ordinal);
        Assert.Equal(1, warning.Count);
    }

    [Fact]
    public async Task A_file_that_an_earlier_commit_left_out_is_named_once()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip, CommitEveryObjects = 1 });
        loading.Write("a.csv", "id,note\n-1,good\n");
        loading.Write("b.csv", Bad);
        loading.Write("c.csv", "id,note\n2,good\n");
        loading.Write("d.csv", Bad);
        await loading.RunAsync();
        var stored = Assert.Single(await loading.Store.RunsAsync());
        Assert.Equal((2, 2L), (stored.Warnings.Count(w => w.Id == "FileSkipped"), stored.WarningCount));
        Assert.All(stored.Warnings, w => Assert.Equal(1, w.Count));
    }

    [Fact]
    public void The_words_for_a_run_tell_rejects_from_files()
    {
        var run = new S3FeedRun { Id = Guid.NewGuid(), FeedId = Guid.NewGuid(), FeedName = "f", Status = RunStatus.SucceededWithRejects, StartedAt = default, Host = "h", ProcessId = 1 };
        Assert.Equal("files skipped", Quantities.Status(run));
        Assert.Equal("with rejects", Quantities.Status(run with { RowsRejected = 1, ObjectsFailed = 1 }));
        Assert.All(Enum.GetValues<RunStatus>().Where(s => s != RunStatus.Canceled), s => Assert.NotEqual("canceled", Quantities.Status(s)));
    }
}
