using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Engine;

public sealed class FeedRemovalTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_definition_goes_and_the_table_with_it_if_told(bool dropTable)
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        var run = await loading.SucceedAsync();
        await loading.Store.Engine().RemoveFeedAsync("ORDERS", dropTable, default);

        Assert.Empty((await loading.Store.Engine().Store.ReadAsync()).Feeds);
        Assert.Equal(dropTable ? "0" : "1", loading.Single("SELECT count(*) FROM sqlite_master WHERE name='orders'"));
        Assert.Equal(dropTable ? "0" : "1", loading.Single("SELECT count(*) FROM peaks3feed_file"));
        Assert.Equal(run.Id, Assert.Single(await loading.Store.RunsAsync()).Id);
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_runs_stays(bool dropTable)
    {
        using var loading = await Loading.BeginAsync();
        var feed = await loading.Store.FeedAsync();
        using (FeedRunLock.TryAcquire(loading.Store.Paths.StateDirectory, feed.Id))
        {
            var error = await Assert.ThrowsAsync<FeedException>(() => loading.Store.Engine().RemoveFeedAsync(TestStore.FeedName, dropTable, default));
            Assert.Equal("FeedAlreadyRunning", error.Id);
        }

        Assert.NotNull(await loading.Store.FeedAsync());
    }

    [Fact]
    public async Task One_that_breaks_a_rule_can_go()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        await loading.ChangeAsync(f => f with { Path = "no slash" });
        await loading.Store.Engine().RemoveFeedAsync(TestStore.FeedName, dropTable: true, default);
        Assert.Empty((await loading.Store.Engine().Store.ReadAsync()).Feeds);
        Assert.Equal("0", loading.Single("SELECT count(*) FROM sqlite_master WHERE name='orders'"));
    }

    [Fact]
    public async Task A_table_that_cannot_be_dropped_keeps_its_feed()
    {
        using var loading = await Loading.BeginAsync();
        File.WriteAllText(loading.DatabasePath, "This is no database, and has never been one.");
        await Assert.ThrowsAsync<FeedException>(() => loading.Store.Engine().RemoveFeedAsync(TestStore.FeedName, dropTable: true, default));
        Assert.NotNull(await loading.Store.FeedAsync());
    }
}
