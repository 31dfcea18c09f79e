using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Loads into a table on S3, read by DuckDB.</summary>
public sealed class ExternalLoadTests
{
    [Fact]
    public async Task Rows_are_appended_once()
    {
        using var feed = await ExternalFeed.BeginAsync();
        feed.Write("a.csv", "id,name\n1,Ann\n2,\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name,extra\n3,Cy,7\n");
        await feed.SucceedAsync();

        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
        Assert.Equal(["1|Ann|∅", "2|∅|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
    }

    [Fact]
    public async Task An_upsert_updates_rows_and_keeps_when_they_were_created()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n3,Cy\n");
        await feed.SucceedAsync();
        var before = feed.Rows("id", "peakauditcreatedat", "peakauditrequestid");
        feed.Write("b.csv", "id,name\n2,Bob\n4,Di\n4,Dina\n");
        await feed.SucceedAsync();

        Assert.Equal(["1|Ann", "2|Bob", "3|Cy", "4|Dina"], feed.Rows("id", "name"));
        var after = feed.Rows("id", "peakauditcreatedat", "peakauditrequestid");
        Assert.Equal(before[0], after[0]);
        Assert.Equal(before[1].Split('|')[1], after[1].Split('|')[1]);
        Assert.NotEqual(before[1].Split('|')[2], after[1].Split('|')[2]);
    }

    [Fact]
    public async Task A_replace_replaces_all_rows()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await feed.SucceedAsync();
        feed.Write("a.csv", "id,name\n7,Gus\n");
        await feed.SucceedAsync();

        Assert.Equal(["7|Gus"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task A_changed_object_replaces_its_rows()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        feed.Write("b.csv", "id,name\n3,Cy\n");
        await feed.SucceedAsync();
        feed.Write("a.csv", "id,name\n1,Anna\n");
        await feed.SucceedAsync();

        Assert.Equal(["1|Anna", "3|Cy"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task A_table_has_partitions()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { PartitionBy = ["country", "year(at)"] });
        feed.Write("a.csv", "id,country,at\n1,DE,2026-01-01T00:00:00Z\n2,FR,2025-05-05T00:00:00Z\n3,DE,2026-02-01T00:00:00Z\n4,,2024-02-01T00:00:00Z\n");
        await feed.SucceedAsync();

        Assert.Equal(["1", "2", "3", "4"], feed.Rows("id"));
        Assert.Equal(3, feed.ActiveFiles().Count);
        Assert.Contains(feed.ActiveFiles(), f => f.StartsWith("country=DE/at_year=2026/", StringComparison.Ordinal));
    }
}
