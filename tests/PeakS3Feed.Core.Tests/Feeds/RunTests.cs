using Microsoft.Data.Sqlite;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>How runs begin and end.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Trouble_with_the_history_leaves_a_success_a_success()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        var result = await loading.RunAsync(new AtStep(CommitStep.Committed, 1, () => Spoil(loading)));

        Assert.Equal((RunStatus.Succeeded, 1, 1L), (result.Run.Status, result.Run.Commits, result.Run.RowsLoaded));
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_failed_run_says_which_commits_stay()
    {
        using var loading = await Loading.BeginAsync(f => f with { CommitEveryObjects = 1 });
        loading.Write("a.csv", "id,note\n1,a\n");
        loading.Write("b.csv", "id,note\n2,b\n");
        loading.Write("c.csv", Loading.Numbers(20_000, "\"never closed"));
        await loading.ChangeAsync(f => f with { Schema = new FeedSchema([new("id", "id", ColumnType.BigInt), new("note", "note", ColumnType.Text)]), Csv = f.Csv with { Separator = "," } });
        var result = await loading.RunAsync();

        Assert.Equal((RunStatus.Failed, 2), (result.Run.Status, result.Run.Commits));
        Assert.EndsWith("The 2 commits before it stay.", result.Run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_is_a_failed_run()
    {
        using var loading = await Loading.BeginAsync();
        await new DefinitionStore(loading.Store.Paths).UpdateAsync(d => d.With(d.FindConnection("source")! with
        {
            EndpointUrl = new Uri(loading.PathOf("nowhere")).AbsoluteUri,
            Status = ConnectionStatus.Untested,
        }));
        Assert.Equal("ConnectionTestFailed", await loading.FailAsync());
        Assert.Equal("ConnectionTestFailed", Assert.Single(await loading.Store.RunsAsync()).ErrorId);
    }

    [Fact]
    public async Task What_somebody_edits_meanwhile_stays()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync(new AtStep(CommitStep.Began, 1, () => loading
            .ChangeAsync(f => f with { Schema = new FeedSchema([new("number", "id", ColumnType.Text)]) }).GetAwaiter().GetResult()));
        Assert.Equal(["number", "note"], (await loading.Store.FeedAsync()).Schema!.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task A_schema_that_is_gone_is_taken_from_the_ledger()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\nx1,a\n");
        await loading.SucceedAsync();
        loading.Delete("a.csv");
        loading.Write("b.csv", "id,note\n2,b\n");
        await loading.ChangeAsync(f => f with { Schema = null });
        await loading.SucceedAsync();
        Assert.Equal(ColumnType.Text, (await loading.Store.FeedAsync()).Schema!.Find("id")!.Type);
    }

    [Fact]
    public async Task Without_reject_text_no_reason_shows_a_value()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,note\nhush,b\n");
        var result = await loading.Store.Engine().RunAsync(TestStore.FeedName, new RunOptions { RejectText = RejectText.None }, null, null, default);

        Assert.Equal(("FailedRowThresholdExceeded", 1L), (result.FeedError!.Id, result.Run.RowsRejected));
        Assert.DoesNotContain("hush", result.FeedError.Message, StringComparison.Ordinal);
        Assert.Equal("the value is not a bigint", (await loading.Store.History.ListRejectsAsync(result.Run.Id).SingleAsync()).Reason);
    }

    [Fact]
    public async Task The_first_reject_named_is_of_a_file_that_counts()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip, FailedRowThreshold = FailedRowThreshold.Parse("1%") });
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", Loading.Numbers(20_000, "\"never closed").Replace("\n7,", "\nseven,", StringComparison.Ordinal));
        loading.Write("c.csv", "id,note\neight,c\n");
        var message = (await loading.RunAsync()).Error!.Message;

        Assert.Contains("c.csv", message, StringComparison.Ordinal);
        Assert.DoesNotContain("b.csv", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_sample_gives_way_to_the_next()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip });
        File.WriteAllBytes(loading.PathOf("bad.csv"), [0x1f, 0x8b, 8, 0, 0]);
        Assert.StartsWith("Gzip", await loading.FailAsync(), StringComparison.Ordinal);

        loading.Write("a.csv", "id,note\n1,a\n");
        var run = await loading.SucceedAsync();
        Assert.Equal((1L, 1L), (run.RowsLoaded, run.ObjectsFailed));
        Assert.Equal(ColumnType.BigInt, (await loading.Store.FeedAsync()).Schema!.Find("id")!.Type);
    }

    private static void Spoil(Loading loading)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(loading.Store.Paths.StateDirectory, "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM runs";
        command.ExecuteNonQuery();
    }
}
