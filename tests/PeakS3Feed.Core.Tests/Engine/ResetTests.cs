using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Tests.Destinations;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Engine;

/// <summary>What a reset says before it asks, and which tables it does not drop.</summary>
public sealed class ResetTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_table_of_several_feeds_is_not_dropped_and_they_are_named(bool hasLoaded)
    {
        using var loading = await LoadedAsync();
        await loading.Store.AddAsync(await loading.Store.FeedAsync() with { Id = Guid.NewGuid(), Name = "others", Table = "ORDERS", AdoptTable = true });
        if (hasLoaded)
            Assert.Equal(RunStatus.Succeeded, (await loading.RunAsync(feed: "others")).Run.Status);
        var engine = loading.Store.Engine();
        var rows = loading.Single("SELECT count(*) FROM orders");

        foreach (var feed in (string[])["orders", "others"])
        {
            var other = feed == "orders" ? "others" : "orders";
            foreach (var attempt in (Func<Task>[])
                [() => engine.ResetAsync(feed, true, default), () => engine.RemoveFeedAsync(feed, true, default), () => engine.FindTableUsesAsync(feed, true, default)])
            {
                var error = await Assert.ThrowsAsync<FeedException>(attempt);
                Assert.Equal("TableIsShared", error.Id);
                Assert.EndsWith($"also the table of {other}.", error.Message, StringComparison.Ordinal);
            }
        }
        Assert.Equal(rows, loading.Single("SELECT count(*) FROM orders"));
        Assert.Equal(2, (await engine.Store.ReadAsync()).Feeds.Count);

        await engine.RemoveFeedAsync("others", dropTable: false, default);
        await engine.ResetAsync("orders", dropTable: true, default); // this store had the other feed, so it is known to be gone
        Assert.Equal("0", loading.Single("SELECT count(*) FROM sqlite_schema WHERE name = 'orders'"));
    }

    [Fact]
    public async Task A_feed_of_another_store_keeps_the_table_too()
    {
        using var loading = await LoadedAsync();
        var stranger = Guid.NewGuid();
        loading.Query($"UPDATE peaks3feed_lock SET feed_id = '{stranger:D}'; UPDATE peaks3feed_load SET feed_id = '{stranger:D}'; UPDATE peaks3feed_file SET feed_id = '{stranger:D}'");

        var error = await Assert.ThrowsAsync<FeedException>(() => loading.Store.Engine().ResetAsync("orders", true, default));
        Assert.Equal("TableIsShared", error.Id);
        Assert.Contains(stranger.ToString("D"), error.Message, StringComparison.Ordinal);
        Assert.Equal("2", loading.Single("SELECT count(*) FROM orders"));
    }

    [Theory]
    [InlineData(LoadType.Incremental, true, "Forget what feed orders has loaded, and drop table \"orders\" of destination warehouse with its 2 rows. The next run loads everything again")]
    [InlineData(LoadType.Incremental, false, "Forget what feed orders has loaded. Table \"orders\" of destination warehouse keeps its 2 rows, so the next run refuses to load them a second time. -AdoptTable then takes over what is forgotten now. To load everything again, use -DropTable")]
    [InlineData(LoadType.TruncateInsert, false, "Forget what feed orders has loaded. Table \"orders\" of destination warehouse keeps its 2 rows until the next run replaces them")]
    public async Task What_is_asked_names_the_table_its_rows_and_what_follows(LoadType loadType, bool dropTable, string text)
    {
        using var loading = await LoadedAsync(f => f with { LoadType = loadType });

        Assert.Equal(text, ResetText.Describe(await loading.Store.Engine().FindTableUsesAsync("orders", dropTable, default), dropTable));
    }

    [Fact]
    public async Task A_table_that_is_not_there_or_empty_is_no_reason_to_worry()
    {
        using var loading = await LoadedAsync();
        loading.Query("DELETE FROM orders");
        Assert.Contains("is empty", ResetText.Describe(await loading.Store.Engine().FindTableUsesAsync("orders", false, default), false), StringComparison.Ordinal);
        loading.Query("DROP TABLE orders");
        Assert.Contains("does not exist", ResetText.Describe(await loading.Store.Engine().FindTableUsesAsync("orders", true, default), true), StringComparison.Ordinal);
    }

    private static async Task<Loading> LoadedAsync(Func<S3Feed, S3Feed>? configure = null)
    {
        var loading = await Loading.BeginAsync(configure);
        loading.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await loading.SucceedAsync();
        return loading;
    }
}
