using System.Globalization;
using PeakS3Feed.Engine;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Compaction and vacuum of a table on S3.</summary>
public sealed class CompactionTests
{
    [Fact]
    public async Task A_compaction_makes_one_file_of_many_and_keeps_every_row()
    {
        using var feed = await BeginAsync(files: 25);
        var before = feed.Rows("id", "name", "peakauditfilename");
        Assert.Equal(25, feed.ActiveFiles().Count);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(feed.Table, "_delta_log"), "*.checkpoint.parquet").Length);

        var result = Assert.Single(await feed.Store.Engine().OptimizeTablesAsync(TestStore.FeedName, CancellationToken.None));

        Assert.Equal((25L, 1L, 25L), (result.FilesRemoved, result.FilesAdded, result.Version));
        Assert.Single(feed.ActiveFiles());
        Assert.Equal(before, feed.Rows("id", "name", "peakauditfilename"));
        Assert.Equal(0, Assert.Single(await feed.Store.Engine().OptimizeTablesAsync(TestStore.FeedName, CancellationToken.None)).FilesRemoved);
        feed.Write("z.csv", "id,name\n100,Zoe\n");
        await feed.SucceedAsync();
        Assert.Equal(26, feed.Rows("id").Count);
    }

    [Fact]
    public async Task A_vacuum_deletes_what_was_removed_a_week_ago_and_nothing_else()
    {
        using var feed = await BeginAsync(files: 3);
        await feed.Store.Engine().OptimizeTablesAsync(TestStore.FeedName, CancellationToken.None);
        var active = Assert.Single(feed.ActiveFiles());
        Assert.Equal(0, Assert.Single(await VacuumAsync(feed, DateTimeOffset.UtcNow, dryRun: false)).FilesRemoved);
        var orphan = Path.Combine(feed.Table, "part-00001-orphan.zstd.parquet");
        File.WriteAllText(orphan, "x");

        // Three files that the compaction removed, the orphan, and what newer ledger objects have replaced.
        var later = DateTimeOffset.UtcNow.AddDays(8);
        var counted = Assert.Single(await VacuumAsync(feed, later, dryRun: true));
        Assert.True(File.Exists(orphan));
        var deleted = Assert.Single(await VacuumAsync(feed, later, dryRun: false));

        Assert.Equal(counted, deleted);
        Assert.Equal(4, deleted.FilesRemoved);
        Assert.Equal(2, deleted.LedgerFilesRemoved); // the objects of the first two loads; the lists of objects still count
        Assert.Equal([active], Directory.GetFiles(feed.Table, "*.parquet").Select(f => Path.GetFileName(f)!));
        Assert.Equal(["1|name 1", "2|name 2", "3|name 3"], feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    private static async Task<IReadOnlyList<PeakS3Feed.Destinations.Loading.TableVacuumResult>> VacuumAsync(
        ExternalFeed feed, DateTimeOffset now, bool dryRun)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now);
        var engine = new FeedEngine(feed.Store.Paths, new FeedEngineOptions { Time = time });
        return await engine.VacuumTablesAsync(TestStore.FeedName, TimeSpan.FromDays(7), dryRun, CancellationToken.None);
    }

    private static async Task<ExternalFeed> BeginAsync(int files)
    {
        var feed = await ExternalFeed.BeginAsync(f => f with { CommitEveryObjects = 1 });
        for (var i = 1; i <= files; i++)
            feed.Write(string.Create(CultureInfo.InvariantCulture, $"{i:D3}.csv"), string.Create(CultureInfo.InvariantCulture, $"id,name\n{i},name {i}\n"));
        await feed.SucceedAsync();
        return feed;
    }
}
