using Microsoft.Data.Sqlite;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Feeds;

public sealed class PlanFileTests
{
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void No_statement_sorts_or_scans_the_plan()
    {
        using var plan = Filled(10);
        string[] statements =
        [
            PlanSql.Page(1), PlanSql.Unassigned, PlanSql.Assign, PlanSql.Restart, PlanSql.ForgetSkipped, PlanSql.Skipped, PlanSql.SkippedByLoads,
            PlanSql.Objects(ofLoad: false), PlanSql.Objects(true), PlanSql.Objects(true, onlyWritten: true, target: 0),
            PlanSql.Objects(true, onlyWritten: false, target: 0, onlyChanged: true),
        ];
        foreach (var sql in statements)
        {
            var steps = plan.Explain(sql);
            Assert.DoesNotContain(steps, s => s.Contains("TEMP B-TREE", StringComparison.Ordinal));
            Assert.All(steps, s => Assert.Contains("INDEX", s, StringComparison.Ordinal));
        }
        Assert.Contains(plan.Explain(PlanSql.Page(1)), s => s.Contains("load=? AND taken=?", StringComparison.Ordinal));
        Assert.Contains(plan.Explain(PlanSql.Assign), s => s.Contains("load=? AND (modified,key)<(?,?)", StringComparison.Ordinal));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void A_long_plan_is_handed_out_in_commits_in_loading_order()
    {
        const int Objects = 300_000;
        using var plan = Filled(Objects);
        var seen = 0L;
        var last = DateTimeOffset.MinValue;
        for (var load = 1; ; load++)
        {
            var (objects, _, _) = plan.Assign(load, long.MaxValue, 1000);
            if (objects == 0)
                break;
            plan.Restart(load);
            for (var page = plan.Take(load); page.Count > 0; page = plan.Take(load))
            {
                seen += page.Count;
                Assert.All(page, o => Assert.True(last < (last = o.Object.Source.LastModified)));
            }
        }
        Assert.Equal(Objects, seen);
    }

    [Fact]
    public void A_full_disk_is_told_from_other_trouble()
    {
        Assert.Equal("ScratchFull", FeedRunErrors.Scratch(new SqliteException("full", SQLitePCL.raw.SQLITE_FULL)).Id);
        Assert.Equal("ScratchFailed", FeedRunErrors.Scratch(new SqliteException("disk", SQLitePCL.raw.SQLITE_IOERR)).Id);
    }

    // In the order of keys, which is not that of times.
    private static PlanFile Filled(int objects)
    {
        var plan = new PlanFile("bucket");
        for (var i = 0; i < objects; i++)
            plan.Add(new SourceObject("bucket", $"in/{i:00000000}.csv", "etag", 1, Beginning.AddSeconds((i * 7919L) % 1_000_003)), targets: 1, loaded: [null]);
        plan.Seal();
        return plan;
    }
}
