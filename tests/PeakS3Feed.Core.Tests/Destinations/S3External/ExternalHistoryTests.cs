using System.Text.Json;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>What the log says of a commit, in the words of Spark's own commits: <c>DESCRIBE HISTORY</c> shows it.</summary>
public sealed class ExternalHistoryTests
{
    [Fact]
    public async Task An_append_and_a_replace_are_writes_with_a_mode_and_the_partitions_as_JSON()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { PartitionBy = ["land", "year(day)"] });
        feed.Write("a.csv", "id,land,day\n1,DE,2026-01-02\n2,FR,2026-01-03\n");
        await feed.SucceedAsync();
        AssertCommit(feed, "WRITE", new() { ["mode"] = "Append", ["partitionBy"] = """["land","day_year"]""" });
        AssertMetrics(feed, ("numFiles", 2), ("numRemovedFiles", 0), ("numOutputRows", 2));

        await feed.Store.Definitions().UpdateAsync(d => d.With(d.FindFeed("orders")! with { LoadType = LoadType.TruncateInsert }));
        feed.Write("b.csv", "id,land,day\n3,DE,2026-01-02\n");
        await feed.SucceedAsync();
        AssertCommit(feed, "WRITE", new() { ["mode"] = "Overwrite", ["partitionBy"] = """["land","day_year"]""" });
        AssertMetrics(feed, ("numRemovedFiles", 2), ("numOutputRows", 3));
    }

    [Theory]
    [InlineData("id", "(target.`id` = source.`id`)")]
    [InlineData("id,land", "((target.`id` = source.`id`) AND (target.`land` = source.`land`))")]
    public async Task An_upsert_is_a_merge_with_its_condition(string key, string predicate)
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = key.Split(',') });
        feed.Write("a.csv", "id,land\n1,DE\n2,FR\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,land\n2,FR\n3,IT\n");
        await feed.SucceedAsync();

        AssertCommit(feed, "MERGE", new()
        {
            ["predicate"] = predicate,
            ["matchedPredicates"] = """[{"actionType":"update"}]""",
            ["notMatchedPredicates"] = """[{"actionType":"insert"}]""",
        });
        AssertMetrics(
            feed, ("numSourceRows", 2), ("numOutputRows", 3), ("numTargetRowsCopied", 1), ("numTargetFilesAdded", 2), ("numTargetFilesRemoved", 1));
    }

    [Fact]
    public async Task Only_a_changed_object_makes_a_load_that_appends_a_merge()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        feed.Write("a.csv", "id\n1\n2\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id\n3\n");
        await feed.SucceedAsync();
        AssertCommit(feed, "WRITE", new() { ["mode"] = "Append", ["partitionBy"] = "[]" });
        feed.Write("a.csv", "id\n9\n");
        await feed.SucceedAsync();

        AssertCommit(feed, "MERGE", new()
        {
            ["predicate"] = "(target.`peakauditfilename` = source.`peakauditfilename`)",
            ["matchedPredicates"] = """[{"actionType":"delete"}]""",
            ["notMatchedPredicates"] = """[{"actionType":"insert"}]""",
        });
        Assert.Equal(["3", "9"], feed.Rows("id"));
    }

    private static void AssertCommit(ExternalFeed feed, string operation, Dictionary<string, string> parameters)
    {
        var info = Read(feed);
        Assert.Equal(operation, info.GetProperty("operation").GetString());
        var found = info.GetProperty("operationParameters").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        Assert.Equal("orders", found["feed"]);
        Assert.True(Guid.TryParse(found["run"], out _));
        Assert.NotEmpty(found["load"]);
        foreach (var own in (string[])["feed", "run", "load"])
            found.Remove(own);
        Assert.Equal(parameters, found);
    }

    // Texts, as Spark writes them.
    private static void AssertMetrics(ExternalFeed feed, params (string Name, long Value)[] expected)
    {
        var metrics = Read(feed).GetProperty("operationMetrics");
        Assert.Equal(
            expected.Select(m => (m.Name, m.Value.ToString(default(IFormatProvider)))),
            expected.Select(m => (m.Name, metrics.GetProperty(m.Name).GetString()!)));
    }

    private static JsonElement Read(ExternalFeed feed)
    {
        using var json = JsonDocument.Parse(feed.FindAction("commitInfo"));
        return json.RootElement.GetProperty("commitInfo").Clone();
    }
}
