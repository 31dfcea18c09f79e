using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Feeds;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>What the plan and the progress of a run into a table on S3 say.</summary>
public sealed class ExternalPlanTests
{
    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    [InlineData(LoadType.TruncateInsert)]
    public async Task A_plan_names_partitions_that_differ_whether_there_is_something_to_load_or_not(LoadType type)
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with
        {
            LoadType = type, PrimaryKey = type == LoadType.Upsert ? ["id"] : [], PartitionBy = ["country"],
        });
        feed.Write("a.csv", "id,country,day\n1,DE,2026-01-02\n");
        await feed.SucceedAsync();
        using (var plan = await feed.Store.Engine().PlanAsync(TestStore.FeedName, null, default))
            Assert.Empty(plan.Warnings);
        await feed.Store.ChangeFeedAsync(f => f with { PartitionBy = ["year(day)"] });

        using (var plan = await feed.Store.Engine().PlanAsync(TestStore.FeedName, null, default))
        {
            var warning = Assert.Single(plan.Warnings);
            Assert.Equal("PartitionsDiffer", warning.Id);
            Assert.StartsWith(
                "There is nothing to load now, but the next load fails: Table \"orders\" is partitioned by country", warning.Message,
                StringComparison.Ordinal);
            Assert.Contains(warning.Remedies, r => r.Cmdlet == "Reset-S3Feed -Name orders -DropTable");
            Assert.Null(plan.Destinations[0].Obstacle);
        }
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);

        feed.Write("b.csv", "id,country,day\n2,FR,2026-01-02\n");
        using (var plan = await feed.Store.Engine().PlanAsync(TestStore.FeedName, null, default))
        {
            Assert.Equal("PartitionsDiffer", plan.Destinations[0].Obstacle?.Id);
            Assert.Empty(plan.Warnings);
        }
        await feed.FailAsync("PartitionsDiffer");
    }

    [Fact]
    public async Task Progress_says_how_many_files_of_the_table_an_upsert_was_merged_with()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"], CommitEveryObjects = 1 });
        feed.Write("a.csv", "id\n1\n5\n");
        feed.Write("b.csv", "id\n2\n6\n");
        feed.Write("c.csv", "id\n100\n");
        await feed.SucceedAsync();
        feed.Write("d.csv", "id\n3\n5\n6\n");
        var progress = new ProgressRecorder();
        var run = await feed.Store.Engine().RunAsync(TestStore.FeedName, new RunOptions(), accessKey: null, progress, default);
        Assert.Equal(RunStatus.Succeeded, run.Run.Status);

        var seen = progress.Seen;
        var merging = seen.Where(p => p.Phase == RunPhase.Merging).ToList();
        Assert.Equal("3 rows, merging with 1 file of the table", ProgressText.Format(merging[0]));
        Assert.Equal("3 rows, merging with 12 files of the table", ProgressText.Format(merging[0] with { FilesMerged = 12 }));
        Assert.All(merging, m => Assert.InRange(m.FilesMerged, 1, 2)); // c.csv has no such key
        Assert.Equal(RunPhase.Committing, seen[^1].Phase);
    }
}
