using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Somebody else commits to the table after a run has planned its commit, and before it sends it.</summary>
public sealed class ExternalConflictTests
{
    public static TheoryData<LoadType> LoadTypes => [.. Enum.GetValues<LoadType>()];

    [Theory]
    [MemberData(nameof(LoadTypes))]
    public async Task After_another_program_compacted_the_table_every_row_is_there_once(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name\n2,Bob\n3,Cy\n");
        await feed.SucceedAsync(AtCommit(feed.Optimize));

        Assert.Equal(Expected(type, "2|Bob", "3|Cy"), feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
        feed.Write("c.csv", "id,name\n3,Cyd\n");
        await feed.SucceedAsync();
        Assert.Equal(Expected(type, "2|Bob", "3|Cy", "3|Cyd"), feed.Rows("id", "name"));
    }

    [Theory]
    [MemberData(nameof(LoadTypes))]
    public async Task Rows_that_another_program_adds_count_for_what_follows(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("a.csv", "id,name\n1,Ann\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name\n2,Bob\n3,Cy\n");
        await feed.SucceedAsync(AtCommit(
            () => feed.Commit(feed.Add("foreign.parquet", "SELECT 2::BIGINT AS id, 'Foreign' AS name UNION ALL SELECT 9, 'Nine'"))));

        Assert.Equal(
            type switch
            {
                LoadType.Upsert => ["1|Ann", "2|Bob", "3|Cy", "9|Nine"],
                LoadType.TruncateInsert => ["1|Ann", "2|Bob", "3|Cy"],
                _ => ["1|Ann", "2|Bob", "2|Foreign", "3|Cy", "9|Nine"],
            },
            feed.Rows("id", "name"));
    }

    [Fact]
    public async Task Rows_of_changed_objects_are_found_again_after_another_program_compacted_the_table()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        feed.Write("b.csv", "id,name\n3,Cy\n");
        await feed.SucceedAsync();
        feed.Write("a.csv", "id,name\n1,Anna\n");
        await feed.SucceedAsync(AtCommit(feed.Optimize));

        Assert.Equal(["1|Anna", "3|Cy"], feed.Rows("id", "name"));
    }

    // A copy without the updated rows would bring the others back.
    [Theory]
    [MemberData(nameof(LoadTypes))]
    public async Task Rows_that_another_program_deletes_stay_deleted(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name\n2,Bob\n3,Cy\n");
        await feed.SucceedAsync(AtCommit(() => feed.Commit([.. feed.ActiveFiles().Select(f => ExternalFeed.Remove(f))])));

        Assert.Equal(type == LoadType.TruncateInsert ? Expected(type, "2|Bob", "3|Cy") : ["2|Bob", "3|Cy"], feed.Rows("id", "name"));
    }

    [Theory]
    [MemberData(nameof(LoadTypes))]
    public async Task A_column_that_another_program_adds_stays(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name,city\n2,Bob,Bonn\n3,Cy,Kyiv\n");
        await feed.SucceedAsync(AtCommit(() => feed.Commit(feed.FindAction("metaData").Replace(
            "\\\"fields\\\":[", "\\\"fields\\\":[" + Field("added") + "," + Field("city") + ",", StringComparison.Ordinal))));

        Assert.Equal(Expected(type, "2|Bob", "3|Cy"), feed.Rows("id", "name"));
        Assert.Contains("\\\"added\\\"", feed.FindAction("metaData"), StringComparison.Ordinal);
        Assert.Equal(2, feed.FindAction("metaData").Split("\\\"city\\\"").Length);

        static string Field(string name) => $$$"""{\"name\":\"{{{name}}}\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}""";
    }

    // The files are staged before the other feed creates the table, with its columns in another order and case.
    [Fact]
    public async Task A_column_has_one_name_and_one_id_in_all_files()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"], AdoptTable = true });
        var others = await feed.AddFeedAsync("others", f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["ID"] });
        File.WriteAllText(Path.Combine(others, "o.csv"), "city,Name,ID\nCork,Ann,1\nBonn,Bo,2\n");
        feed.Write("a.csv", "id,name,price\n2,Bob,1.5\n3,Cy,2.5\n");
        await feed.SucceedAsync(AtCommit(() => feed.SucceedAsync(feed: "others").Wait(TestLimits.Hang)));

        Assert.Equal(["1|Ann|Cork|∅", "2|Bob|Bonn|1.5", "3|Cy|∅|2.5"], feed.Rows("ID", "Name", "city", "CAST(price AS VARCHAR)"));
        var ids = feed.ReadFieldIds();
        Assert.Equal(ids.Count, ids.Select(i => i.Name.ToUpperInvariant()).Distinct().Count());
        Assert.Equal(ids.Count, ids.Select(i => i.Id).Distinct().Count());
        Assert.All(ids, i => Assert.Contains($"\\\"name\\\":\\\"{i.Name}\\\"", feed.FindAction("metaData"), StringComparison.Ordinal));
        Assert.All(ids, i => Assert.Contains($"\\\"peaks3feed.fieldId\\\":{i.Id}}}", feed.FindAction("metaData"), StringComparison.Ordinal));
    }

    // A copy of this program with the same feed, whatever its version.
    [Theory]
    [MemberData(nameof(LoadTypes))]
    public async Task A_commit_with_the_id_of_the_feed_stops_the_run(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("a.csv", "id,name\n1,Ann\n");
        await feed.SucceedAsync();
        var before = feed.Rows("id", "name");
        feed.Write("b.csv", "id,name\n2,Bob\n");
        await feed.FailAsync("RunOvertaken", AtCommit(() => feed.Commit(feed.FindAction("txn"))));

        Assert.Equal(before, feed.Rows("id", "name"));
        await feed.SucceedAsync();
        Assert.Equal(["1|Ann", "2|Bob"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task Of_two_feeds_that_update_the_same_keys_the_last_to_commit_wins()
    {
        using var feed = await BeginAsync(LoadType.Upsert);
        var others = await feed.AddFeedAsync("others", f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n5,Ed\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name\n1,Anna\n2,Bob\n3,Cy\n");
        File.WriteAllText(Path.Combine(others, "o.csv"), "id,name\n2,Other\n3,Other\n4,Other\n");

        await feed.SucceedAsync(AtCommit(() => feed.SucceedAsync(feed: "others").Wait(TestLimits.Hang)));

        Assert.Equal(["1|Anna", "2|Bob", "3|Cy", "4|Other", "5|Ed"], feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
        Assert.Equal(RunStatus.NothingToDo, (await feed.Store.RunAsync(feed: "others")).Run.Status);
    }

    // The other feed comes to the table after the run has looked who loads into it.
    [Theory]
    [InlineData(LoadType.TruncateInsert, LoadType.Incremental, CommitStep.Checked)]
    [InlineData(LoadType.TruncateInsert, LoadType.Incremental, CommitStep.Committing)]
    [InlineData(LoadType.Incremental, LoadType.TruncateInsert, CommitStep.Checked)]
    [InlineData(LoadType.Incremental, LoadType.TruncateInsert, CommitStep.Committing)]
    [InlineData(LoadType.Upsert, LoadType.TruncateInsert, CommitStep.Committing)]
    public async Task Of_a_feed_that_replaces_a_table_and_another_one_only_one_gets_it(LoadType type, LoadType other, CommitStep step)
    {
        using var feed = await BeginAsync(type);
        await CreateEmptyAsync(feed);
        var others = await feed.AddFeedAsync("others", f => f with { LoadType = other, AdoptTable = false });
        File.WriteAllText(Path.Combine(others, "o.csv"), "id,name\n7,Other\n");
        feed.Write("b.csv", "id,name\n2,Bob\n");

        await feed.FailAsync("TableBelongsToOther", new AtStep(step, 1, () => feed.SucceedAsync(feed: "others").Wait(TestLimits.Hang)));

        Assert.Equal(["7|Other"], feed.Rows("id", "name"));
    }

    // A feed may take a table over that others have loaded into. A load of theirs in between is gone, and they know it.
    [Fact]
    public async Task A_feed_that_takes_a_table_over_forgets_what_others_load_in_between()
    {
        using var feed = await BeginAsync(LoadType.TruncateInsert);
        await feed.Store.ChangeFeedAsync(f => f with { AdoptTable = true });
        var others = await feed.AddFeedAsync("others");
        File.WriteAllText(Path.Combine(others, "o.csv"), "id,name\n7,Other\n");
        await feed.SucceedAsync(feed: "others");
        File.WriteAllText(Path.Combine(others, "p.csv"), "id,name\n8,Other\n");
        feed.Write("b.csv", "id,name\n2,Bob\n");

        await feed.SucceedAsync(AtCommit(() => feed.SucceedAsync(feed: "others").Wait(TestLimits.Hang)));

        Assert.Equal(["2|Bob"], feed.Rows("id", "name"));
        // The number of a feed never goes back.
        var numbers = feed.ReadNumbers((await feed.Store.FeedAsync("others")).Id);
        Assert.Equal(numbers.Distinct().Order(), numbers);
        await feed.Store.Definitions().UpdateAsync(d => d.With(d.FindFeed("others")! with { AdoptTable = false }));
        await feed.FailAsync("TableBelongsToOther", feed: "others");
    }

    private static Task<ExternalFeed> BeginAsync(LoadType type) => ExternalFeed.BeginAsync(
        f => f with { LoadType = type, PrimaryKey = type == LoadType.Upsert ? ["id"] : [] });

    // A table of a feed that was reset, whose rows another program deleted.
    private static async Task CreateEmptyAsync(ExternalFeed feed)
    {
        var first = await feed.AddFeedAsync("first");
        File.WriteAllText(Path.Combine(first, "f.csv"), "id,name\n1,First\n");
        await feed.SucceedAsync(feed: "first");
        await feed.Store.Engine().ResetAsync("first", dropTable: false, CancellationToken.None);
        feed.Commit([.. feed.ActiveFiles().Select(f => ExternalFeed.Remove(f))]);
    }

    private static AtStep AtCommit(Action action) => new(CommitStep.Committing, 1, action);

    // Rows 1 to 3 after rows with some ids were loaded again.
    private static string[] Expected(LoadType type, params string[] loaded)
    {
        List<string> rows = ["1|Ann", "2|Bo"];
        foreach (var row in loaded)
        {
            if (type == LoadType.Upsert)
                rows.RemoveAll(r => r[0] == row[0]);
            rows.Add(row);
        }
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
