using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Serving;

public sealed partial class FeedBatchTests
{
    [Fact]
    public async Task Runs_start_in_the_given_order_and_never_more_than_the_limit_at_once()
    {
        using var b = await Batch.OfAsync("a", "b", "c", "d", "e");
        var all = b.RunAsync(limit: 2, "c", "a", "e", "b", "d");
        await b.StartedAsync("c", "a");
        b.End("a");
        await b.StartedAsync("c", "a", "e");
        b.End("c");
        await b.StartedAsync("c", "a", "e", "b");
        b.End("b");
        await b.StartedAsync("c", "a", "e", "b", "d");
        b.End("d");
        b.End("e");
        Assert.Equal(["a", "b", "c", "d", "e"], (await all).Select(o => o.Feed).Order());
        Assert.Equal(2, b.MostActive);
    }

    [Fact]
    public async Task Results_come_when_their_runs_end()
    {
        using var b = await Batch.OfAsync("a", "b");
        await using var results = b.Start(limit: 2).RunAsync(["a", "b"]).GetAsyncEnumerator();
        b.End("b");
        Assert.True(await results.MoveNextAsync());
        Assert.Equal("b", results.Current.Feed);
        b.End("a");
        Assert.True(await results.MoveNextAsync());
        Assert.Equal("a", results.Current.Feed);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task A_run_that_cannot_begin_and_a_name_that_does_not_exist_are_results_and_stop_nothing()
    {
        using var b = await Batch.OfAsync("a", "b");
        b.Fail("a", new FeedException("FeedDisabled", FeedErrorCategory.InvalidOperation, "a is disabled"));
        b.End("b");
        b.Fail("nope", new FeedException("FeedNotFound", FeedErrorCategory.ObjectNotFound, "no such feed"));
        var outcomes = (await b.RunAsync(limit: 3, "a", "nope", "b")).ToDictionary(o => o.Feed);
        Assert.Equal("FeedDisabled", ((FeedException)outcomes["a"].Error!).Id);
        Assert.Equal("FeedNotFound", ((FeedException)outcomes["nope"].Error!).Id);
        Assert.Null(outcomes["a"].Result);
        Assert.Equal(RunStatus.Succeeded, outcomes["b"].Result!.Run.Status);
    }

    [Fact]
    public async Task A_feed_named_twice_runs_twice_and_never_twice_at_once()
    {
        using var b = await Batch.OfAsync("a", "b");
        var all = b.RunAsync(limit: 3, "a", "A", "b");
        await b.StartedAsync("a", "b");
        b.End("a");
        await b.StartedAsync("a", "b", "A");
        b.End("A");
        b.End("b");
        Assert.Equal(3, (await all).Count);
    }

    [Fact]
    public async Task Feeds_of_one_SQLite_file_follow_each_other_and_others_overtake_them()
    {
        using var b = await Batch.OfAsync("a", "b", "c", "d");
        await b.DefineAsync(new SqliteDestination { Name = "one", Path = "shop.db" });
        await b.DefineAsync(new SqliteDestination { Name = "same", Path = "./x/../shop.db" });
        await b.DefineAsync(new SqliteDestination { Name = "other", Path = "other.db" });
        await b.EditAsync("a", f => f with { DestinationNames = ["one"] });
        await b.EditAsync("b", f => f with { DestinationNames = ["same"] });
        await b.EditAsync("c", f => f with { DestinationNames = ["other"] });
        var all = b.RunAsync(limit: 9, "a", "b", "c", "d");
        await b.StartedAsync("a", "c", "d");
        b.End("c");
        b.End("d");
        b.End("a");
        await b.StartedAsync("a", "c", "d", "b");
        b.End("b");
        Assert.Equal("b", (await all)[^1].Feed);
    }

    [Fact]
    public async Task Feeds_of_one_table_follow_each_other_in_the_given_order()
    {
        using var b = await Batch.OfAsync("a", "b", "c");
        await b.DefineAsync(Batch.Warehouse with { Name = "again" });
        await b.DefineAsync(Batch.Warehouse with { Name = "elsewhere", Schema = "elsewhere" });
        await b.EditAsync("a", f => f with { Table = "shared" });
        await b.EditAsync("b", f => f with { Table = "Shared", DestinationNames = ["again"] });
        await b.EditAsync("c", f => f with { Table = "shared", DestinationNames = ["elsewhere"] });
        var all = b.RunAsync(limit: 9, "b", "a", "c");
        await b.StartedAsync("b", "c");
        b.End("b");
        await b.StartedAsync("b", "c", "a");
        b.End("a");
        b.End("c");
        Assert.Equal(3, (await all).Count);
    }

    [Fact]
    public async Task A_destination_that_is_missing_or_not_valid_is_a_result_of_its_feed_alone()
    {
        using var b = await Batch.OfAsync("a", "b");
        await b.DefineAsync(new SqliteDestination { Name = "bad", Path = "\0" });
        await b.EditAsync("a", f => f with { DestinationNames = ["bad"] });
        await b.DefineAsync(new SqliteDestination { Name = "gone", Path = "gone.db" });
        await b.EditAsync("b", f => f with { DestinationNames = ["gone"] });
        b.EditFile(text => text.Replace("\"name\": \"gone\"", "\"name\": \"renamed\"", StringComparison.Ordinal));
        b.End("a");
        b.End("b");
        Assert.Equal(2, (await b.RunAsync(limit: 2, "a", "b")).Count);
    }

    [Fact]
    public async Task Cancelling_stops_the_active_runs_awaits_them_and_starts_no_other()
    {
        using var b = await Batch.OfAsync("a", "b", "c");
        using var stop = new CancellationTokenSource();
        var all = b.RunAsync(limit: 2, stop.Token, "a", "b", "c");
        await b.StartedAsync("a", "b");
        b.KeepsRunning("b");
        await stop.CancelAsync();
        await b.StoppedAsync("a");
        Assert.False(all.IsCompleted);
        b.End("b");
        var outcomes = await all;
        Assert.Equal(["a", "b"], outcomes.Select(o => o.Feed));
        Assert.IsAssignableFrom<OperationCanceledException>(outcomes[0].Error);
        Assert.Equal(RunStatus.Succeeded, outcomes[1].Result!.Run.Status);
        Assert.Equal(["a", "b"], b.Started.Order());
    }

    [Fact]
    public async Task A_caller_that_has_enough_stops_the_active_runs_and_awaits_them()
    {
        using var b = await Batch.OfAsync("a", "b", "c");
        b.End("a");
        var enough = Task.Run(async () =>
        {
            await foreach (var outcome in b.Start(limit: 2).RunAsync(["a", "b", "c"]))
                return outcome.Feed;
            return null;
        });
        Assert.Equal("a", await enough.WaitAsync(TestLimits.Hang));
        await b.StoppedAsync("b");
        Assert.Equal(0, b.Active);
    }

    [Fact]
    public async Task The_view_of_a_run_ends_with_it()
    {
        using var b = await Batch.OfAsync("a", "b");
        b.End("a");
        b.End("b");
        await b.RunAsync(limit: 1, "a", "b");
        Assert.Equal(["+a", "-a", "+b", "-b"], b.Views);
    }

    [Theory]
    [InlineData(1, "", "")]
    [InlineData(2, "a: ", "b: ")]
    public async Task Lines_of_the_log_name_their_feed_where_several_run(int limit, string first, string second)
    {
        using var b = await Batch.OfAsync("a", "b");
        b.End("a");
        b.End("b");
        await b.RunAsync(limit, "a", "b");
        Assert.Equal([$"{first}works", $"{second}works"], b.Log.Lines.Order());
    }
}
