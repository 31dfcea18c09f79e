using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>What stops a load whose rows go straight into a transaction.</summary>
public sealed class FenceTests
{
    [Fact]
    public async Task A_run_that_was_claimed_away_stops_before_it_writes()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(3));
        var newer = new AtStep(CommitStep.Claimed, 1, () => loading.Execute("UPDATE peaks3feed_lock SET epoch = epoch + 1"));

        Assert.Equal("RunOvertaken", await loading.FailAsync(newer));

        Assert.Empty(loading.Query("SELECT name FROM sqlite_schema WHERE name = 'orders'"));
        Assert.Equal("0", loading.Single("SELECT sequence FROM peaks3feed_lock"));
    }

    [Fact]
    public async Task A_ledger_that_went_on_stops_the_run()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(3));
        var other = new AtStep(CommitStep.Claimed, 1, () => loading.Execute("UPDATE peaks3feed_lock SET sequence = sequence + 1"));

        Assert.Equal("RunOvertaken", await loading.FailAsync(other));
    }

    [Fact]
    public async Task A_lock_row_that_somebody_deletes_stops_the_run()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(3));
        var deletion = new AtStep(CommitStep.Claimed, 1, () => loading.Execute("DELETE FROM peaks3feed_lock"));

        Assert.Equal("RunOvertaken", await loading.FailAsync(deletion));
        Assert.Equal(3, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Fact]
    public async Task Rows_that_a_trigger_swallows_do_not_land()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(3));
        await loading.SucceedAsync();
        loading.Execute("CREATE TRIGGER swallow BEFORE INSERT ON orders WHEN new.id = 5 BEGIN SELECT RAISE(IGNORE); END");
        loading.Write("b.csv", "id,note\n4,x\n5,y\n6,z\n");

        Assert.Equal("RowCountDiffers", await loading.FailAsync());

        Assert.Equal("3", loading.Single("SELECT count(*) FROM orders"));
    }
}
