using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>Runs of one process share the memory for reading.</summary>
public sealed class ReadingBudgetTests
{
    private const int Lanes = 4;
    private const long TakenByLanes = ReadingMemory.MaxAheadBytes + ((Lanes - 1) * ReadingMemory.MaxLaneBytes);

    [Fact]
    public void A_load_gets_one_lane_always_and_more_while_others_leave_room()
    {
        var budget = new ReadingBudget();
        var all = budget.Take(RunOptions.ParallelismLimit);
        Assert.Equal(ReadingMemory.MaxLanes, all.Lanes);
        Assert.Equal(1, budget.Take(8).Lanes);
        all.Dispose();
        all.Dispose();
        Assert.Equal(ReadingBudget.MaxBytes, budget.FreeBytes);
        using var four = budget.Take(Lanes);
        Assert.Equal(Lanes, four.Lanes);
        Assert.InRange(budget.Take(RunOptions.ParallelismLimit).Lanes, 2, ReadingMemory.MaxLanes - Lanes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Loads_at_the_same_time_stay_within_the_bound(int seed)
    {
        var (budget, random, shares) = (new ReadingBudget(), new Random(seed), new List<ReadingBudget.Share>());
        var mostLoads = 0;
        for (var i = 0; i < 2000; i++)
        {
            if (shares.Count == 0 || (shares.Count < 9 && random.Next(2) == 0))
                shares.Add(budget.Take(random.Next(1, RunOptions.ParallelismLimit + 1)));
            else
            {
                var ended = random.Next(shares.Count);
                shares[ended].Dispose();
                shares.RemoveAt(ended);
            }
            mostLoads = Math.Max(mostLoads, shares.Count);
            Assert.All(shares, s => Assert.InRange(s.Lanes, 1, ReadingMemory.MaxLanes));
            Assert.InRange(
                shares.Sum(s => ReadingMemory.For(s.Lanes)), 0, ReadingMemory.MaxBytes + (Math.Max(shares.Count - 1, 0) * ReadingMemory.MaxBytesOfFurtherLoad));
        }
        Assert.Equal(9, mostLoads);
    }

    [Fact]
    public async Task A_run_takes_its_lanes_from_the_engine_while_it_loads_and_returns_them()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(3));
        var free = new FreeAtCommit();
        var engine = loading.Store.Engine(free);
        free.Budget = engine.ReadingMemory;

        var result = await engine.RunAsync(TestStore.FeedName, new RunOptions { MaxParallelism = Lanes }, null, null, default);

        Assert.Equal(RunStatus.Succeeded, result.Run.Status);
        Assert.Equal(ReadingBudget.MaxBytes - TakenByLanes, free.Bytes);
        Assert.Equal(ReadingBudget.MaxBytes, engine.ReadingMemory.FreeBytes);
    }

    [Fact]
    public async Task A_run_that_fails_returns_its_lanes()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Fail });
        loading.Write("a.csv", "id\n\"1");
        var engine = loading.Store.Engine();

        var result = await engine.RunAsync(TestStore.FeedName, new RunOptions { MaxParallelism = Lanes }, null, null, default);

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Equal(ReadingBudget.MaxBytes, engine.ReadingMemory.FreeBytes);
    }

    [Fact]
    public async Task A_triggers_run_reads_as_many_files_at_a_time_as_the_service_says()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(3));
        var free = new FreeAtCommit();
        var engine = loading.Store.Engine(free);
        free.Budget = engine.ReadingMemory;
        var trigger = new S3FeedTrigger { Name = "night", FeedName = TestStore.FeedName, Kind = TriggerKind.Daily, At = new TimeOnly(3, 0) };
        await engine.Store.UpdateAsync(d => d.With(trigger));
        RunResult? ended = null;
        using var service = new TriggerService(engine, new TriggerServiceOptions { MaxParallelism = Lanes, OnEnded = result => ended = result });

        await service.FireAsync(trigger, requestId: null, default);
        await service.DrainAsync(filter: null, default);

        Assert.Equal(RunStatus.Succeeded, ended?.Run.Status);
        Assert.Equal(ReadingBudget.MaxBytes - TakenByLanes, free.Bytes);
    }

    private sealed class FreeAtCommit : ICommitObserver
    {
        public ReadingBudget? Budget { get; set; }

        public long? Bytes { get; private set; }

        public void OnStep(CommitStep step, long sequence)
        {
            if (step == CommitStep.Committed)
                Bytes = Budget?.FreeBytes;
        }
    }
}
