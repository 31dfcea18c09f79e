using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>A run that another run of the feed, or a reset, has overtaken commits nothing.</summary>
public sealed class ExternalFenceTests
{
    private static readonly CommitStep[] StepsBeforeCommit =
    [
        CommitStep.Claimed, CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Applied, CommitStep.Recorded, CommitStep.Committing,
    ];

    public static TheoryData<LoadType, CommitStep> TypesAndSteps
    {
        get
        {
            var all = new TheoryData<LoadType, CommitStep>();
            foreach (var type in Enum.GetValues<LoadType>())
            {
                foreach (var step in StepsBeforeCommit)
                    all.Add(type, step);
            }
            return all;
        }
    }

    public static TheoryData<CommitStep> Steps => [.. StepsBeforeCommit];

    [Theory]
    [MemberData(nameof(TypesAndSteps))]
    public async Task A_run_of_another_store_stops_it(LoadType type, CommitStep step)
    {
        using var feed = await BeginAsync(type);
        var newer = await feed.SecondStoreAsync();
        feed.Write("b.csv", "id,name\n2,Bob\n3,Cy\n");

        await feed.FailAsync("RunOvertaken", new AtStep(step, 1, () => Assert.True(
            newer.RunAsync().WaitAsync(TestLimits.Hang).GetAwaiter().GetResult().Run.Status == RunStatus.Succeeded)));

        string[] rows = type == LoadType.Upsert ? ["1|Ann", "2|Bob", "3|Cy"] : ["1|Ann", "2|Bo", "2|Bob", "3|Cy"];
        Assert.Equal(rows, feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await newer.RunAsync()).Run.Status);
        Assert.All(feed.ActiveFiles(), f => Assert.True(File.Exists(Path.Combine(feed.Table, f))));
    }

    // The first load, whose table does not exist when the run begins.
    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_run_of_another_store_stops_it_before_there_is_a_table(CommitStep step)
    {
        using var feed = await ExternalFeed.BeginAsync();
        var newer = await feed.SecondStoreAsync();
        feed.Write("a.csv", "id,name\n1,Ann\n");

        await feed.FailAsync("RunOvertaken", new AtStep(step, 1, () => Assert.True(
            newer.RunAsync().WaitAsync(TestLimits.Hang).GetAwaiter().GetResult().Run.Status == RunStatus.Succeeded)));

        Assert.Equal(["1|Ann"], feed.Rows("id", "name"));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_reset_stops_it(CommitStep step)
    {
        using var feed = await BeginAsync(LoadType.Incremental);
        var other = await feed.SecondStoreAsync();
        feed.Write("b.csv", "id,name\n3,Cy\n");

        await feed.FailAsync("RunOvertaken", new AtStep(
            step, 1, () => other.Engine().ResetAsync(TestStore.FeedName, dropTable: false, CancellationToken.None).Wait(TestLimits.Hang)));

        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
        await feed.FailAsync("TableHoldsRows");
    }

    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    [InlineData(LoadType.TruncateInsert)]
    public async Task The_ledger_object_is_there_before_the_entry_of_the_log_that_counts_it(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("b.csv", "id,name\n2,Bob\n3,Cy\n");
        var isThere = false;
        await feed.SucceedAsync(new AtStep(CommitStep.Logged, 1, () => isThere = File.Exists(LedgerObject(feed))));

        Assert.True(isThere);
    }

    // A run that died between the two leaves an object that never counts, and its number is not given again.
    [Fact]
    public async Task A_ledger_object_that_no_entry_counts_is_skipped()
    {
        using var feed = await BeginAsync(LoadType.Incremental);
        feed.Write("b.csv", "id,name\n3,Cy\n");
        var dies = new AtStep(CommitStep.Recorded, 1, () => throw new InvalidOperationException("dead"));
        Assert.Contains("dead", (await feed.RunAsync(dies)).Error!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));

        await feed.SucceedAsync();

        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], feed.Rows("id", "name"));
        Assert.EndsWith("3.json", LedgerObject(feed), StringComparison.Ordinal);
        using var header = JsonDocument.Parse(File.ReadAllBytes(LedgerObject(feed)));
        Assert.Equal(1, header.RootElement.GetProperty("predecessor").GetInt64());
        Assert.Equal(2, header.RootElement.GetProperty("sequence").GetInt64());
    }

    // The object that the newest entry of the log counts.
    private static string LedgerObject(ExternalFeed feed)
    {
        using var action = JsonDocument.Parse(feed.FindAction("txn"));
        var txn = action.RootElement.GetProperty("txn");
        return feed.LedgerPath(txn.GetProperty("appId").GetString()!["peaks3feed-".Length..], txn.GetProperty("version").GetInt64());
    }

    private static async Task<ExternalFeed> BeginAsync(LoadType type)
    {
        var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = type, PrimaryKey = type == LoadType.Upsert ? ["id"] : [] });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await feed.SucceedAsync();
        return feed;
    }
}
