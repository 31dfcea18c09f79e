using System.Text.RegularExpressions;
using PeakS3Feed.Feeds;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The ledger's tables in a warehouse that all feeds share.</summary>
[Trait(Category.Name, Category.Server)]
public sealed partial class WarehouseLedgerTests : WarehouseFeed
{
    // Redshift locks whole tables until the end of a transaction; the stand-in locks rows, so that it shows no deadlock.
    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task All_transactions_write_the_loads_before_the_files(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f with { LoadType = LoadType.TruncateInsert });
        Write("a.csv", "id\n1\n");

        await SucceedAsync(store);
        await store.Engine().ResetAsync(TestStore.FeedName, dropTable: false, default);
        await store.Engine().ResetAsync(TestStore.FeedName, dropTable: true, default);

        var written = database.Controls.Statements.Select(s => WritePattern().Match(s)).Where(m => m.Success)
            .Select(m => m.Groups["table"].Value.ToLowerInvariant());
        Assert.Equal(["load", "file", "file", "load", "file", "load", "file"], written);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_run_goes_on_where_another_feed_creates_the_shared_tables_at_the_same_time(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n");
        await SucceedAsync(store);
        await store.AddAsync(await store.FeedAsync() with { Id = Guid.NewGuid(), Name = "returns" });
        database.Controls.Add(new ControlRule(
            "race", "CREATE TABLE .*peaks3feed_lock", ControlAction.Fail, State: "23505", Message: "duplicate key violates a unique constraint"));

        var run = await store.RunAsync(feed: "returns");

        Assert.True(run.Run.Status == Runs.RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(["1"], await RowsAsync(database, "SELECT id FROM returns"));
    }

    [GeneratedRegex("^(INSERT INTO|UPDATE|DELETE FROM) \\S*\"peaks3feed_(?<table>load|file)\"", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex WritePattern();
}
