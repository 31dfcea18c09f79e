using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A run into a warehouse that stands still while a newer one takes its place, and then goes on.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class WarehouseZombieTests
{
    /// <summary>
    /// The steps at which a process holds no lock in the warehouse. One that stands still within a transaction makes the newer run wait, until the
    /// server ends its session.
    /// </summary>
    public static TheoryData<Way, LoadKind, CommitStep> StepsWithoutLock
    {
        get
        {
            var all = new TheoryData<Way, LoadKind, CommitStep>();
            foreach (var row in WarehouseKillTests.AllSteps)
            {
                var (way, kind, step) = ((Way)row[0], (LoadKind)row[1], (CommitStep)row[2]);
                if (!WarehouseKillTests.Steps.Contains(step) || (way == Way.Wire && step == CommitStep.Committing))
                    continue;
                // The checks that stop the run come before the statements in which the kinds of loads differ: one service shows that.
                if (way != Way.DataApi || kind == LoadKind.Replacing)
                    all.Add(way, kind, step);
            }
            return all;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(StepsWithoutLock))]
    public async Task A_run_that_stands_still_finds_itself_overtaken(Way way, LoadKind kind, CommitStep step)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, kind);
        await StagedRuns.MustFindItselfOvertakenAsync(scenario, kind, step);
    }
}
