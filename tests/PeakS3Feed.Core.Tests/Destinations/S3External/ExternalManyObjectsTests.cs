using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Loads of many objects into a table on S3.</summary>
[Collection(nameof(Alone))]
public sealed class ExternalManyObjectsTests
{
    // The last row in loading order wins, whatever lane read it, and whatever file of the table it is in.
    [Fact]
    public async Task Of_rows_with_one_key_in_many_objects_of_a_load_the_last_one_wins()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        for (var load = 0; load < 2; load++)
        {
            for (var file = 0; file < 30; file++)
            {
                var rows = Enumerable.Range(0, 40).Select(i => $"{i % 25},{load}-{file:00}-{i:00}\n");
                feed.Write($"{load}-{29 - file:00}.csv", "id,name\n" + string.Concat(rows));
            }
            await feed.SucceedAsync();

            Assert.Equal(
                Enumerable.Range(0, 25).Select(id => $"{id}|{load}-29-{(id < 15 ? id + 25 : id):00}").Order(StringComparer.Ordinal),
                feed.Rows("id", "name"));
        }
    }

    [Fact]
    public async Task Twenty_thousand_objects_are_loaded_once()
    {
        const int Objects = 20_000;
        using var feed = await ExternalFeed.BeginAsync(f => f with { CommitEveryObjects = 1000 });
        for (var i = 0; i < Objects; i++)
            File.WriteAllText(feed.PathOf($"{i:D5}.csv"), $"id\n{i}\n");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await feed.SucceedAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 30_000_000);

        Assert.Equal(["20000|199990000"], feed.Rows("count(*)", "CAST(sum(id) AS BIGINT)"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
        File.WriteAllText(feed.PathOf("one more.csv"), "id\n20000\n");
        Assert.Equal(1, (await feed.SucceedAsync()).Run.RowsLoaded);
    }
}
