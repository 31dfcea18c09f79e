using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>What the record of a run says of each of two destinations.</summary>
public sealed class PairStandingTests
{
    [Fact]
    public async Task Rejects_count_for_the_destinations_that_needed_their_objects()
    {
        using var feed = await PairedFeed.BeginAsync(PairedWarehouse.Rows, f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(9), CommitEveryObjects = 0 });
        feed.Loading.Write("b.csv", "id,name\nbad,Al\n3,Cy\n");
        await feed.RunAsync(PairedFeed.WarehouseName);
        feed.Loading.Write("c.csv", "id,name\nbad,Al\nworse,Al\n4,Di\n");

        var result = await feed.RunAsync();

        Assert.Equal(3, result.Run.RowsRejected);
        var stored = (await feed.Loading.Store.History.FindAsync(result.Run.Id))!;
        Assert.Equal([(1L, 2L), (4L, 3L)], stored.Destinations.Select(d => (d.RowsLoaded, d.RowsRejected)));
        Assert.Equal(
            ["warehouse: with rejects, 1 of 1 object, 1 row, 2 rejects", "lake: with rejects, 3 of 3 objects, 4 rows, 3 rejects"],
            stored.Destinations.Select(Quantities.Standing));
    }

    [Fact]
    public async Task A_destination_whose_objects_have_no_rejects_has_succeeded()
    {
        using var feed = await PairedFeed.BeginAsync(PairedWarehouse.Rows, f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(9), CommitEveryObjects = 0 });
        feed.Loading.Write("b.csv", "id,name\nbad,Al\n3,Cy\n");
        await feed.RunAsync(PairedFeed.WarehouseName);
        feed.Loading.Write("c.csv", "id,name\n4,Di\n");

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.SucceededWithRejects, result.Run.Status);
        Assert.Equal([RunStatus.Succeeded, RunStatus.SucceededWithRejects], result.Run.Destinations.Select(d => d.Status));
    }
}
