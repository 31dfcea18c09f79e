using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A process that is killed at a step of the commit protocol, twice, leaves no row out and none twice.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public abstract class KilledAtEveryStepTests
{
    // From the first row on, the loads have statements of their own. Before it, and once the commit is recorded, they run the same code.
    private static readonly CommitStep[] OfEachLoad =
        [CommitStep.Prepared, CommitStep.Writing, CommitStep.Applied, CommitStep.Recorded, CommitStep.Committing, CommitStep.Committed];

    /// <summary>All steps of the load that has most statements; of the other loads those at which they differ.</summary>
    public static TheoryData<LoadKind, CommitStep> Steps
    {
        get
        {
            var steps = new TheoryData<LoadKind, CommitStep>();
            foreach (var kind in Enum.GetValues<LoadKind>())
            {
                // The others are steps of loads through files, or of loads that the warehouse does itself.
                var all = Enum.GetValues<CommitStep>().Where(s => s is not (
                    CommitStep.Staged or CommitStep.Copied or CommitStep.Logged or CommitStep.Proved or CommitStep.Verified));
                foreach (var step in all.Where(s => kind == LoadKind.Replacing || OfEachLoad.Contains(s)))
                    steps.Add(kind, step);
            }
            return steps;
        }
    }

    protected abstract Task<Scenario> BeginAsync(LoadKind kind);

    [SkippableTheory]
    [MemberData(nameof(Steps))]
    public async Task Every_row_is_there_once_after_a_kill_at(LoadKind kind, CommitStep step)
    {
        await using var scenario = await BeginAsync(kind);
        await KillTwiceAsync(scenario, kind, step);
    }

    internal static async Task KillTwiceAsync(Scenario scenario, LoadKind kind, CommitStep step)
    {
        await KillAtAsync(scenario, step, occurrence: 1);
        scenario.ChangeFiles();
        await KillAtAsync(scenario, step, occurrence: kind == LoadKind.TruncateInsert || step is CommitStep.Planned or CommitStep.Claimed ? 1 : 2);
        scenario.ChangeFiles();

        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 2);
    }

    internal static async Task KillOnceAsync(Scenario scenario, CommitStep step)
    {
        await KillAtAsync(scenario, step, occurrence: 1);
        scenario.ChangeFiles();
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 1);
    }

    private static async Task KillAtAsync(Scenario scenario, CommitStep step, int occurrence)
    {
        using var host = HostProcess.StartKilledAt(scenario.Store, step, occurrence);
        var exit = await host.WaitAsync();
        Assert.True(exit.WasKilled, exit.ToString());
        await scenario.MustAgreeAsync();
    }
}

[Trait(Category.Name, Category.Kill)]
public sealed class KilledAtEveryStepOnSqliteTests : KilledAtEveryStepTests
{
    protected override Task<Scenario> BeginAsync(LoadKind kind) => Scenario.OnSqliteAsync(kind);
}

[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class KilledAtEveryStepOnPostgreSqlTests : KilledAtEveryStepTests
{
    protected override Task<Scenario> BeginAsync(LoadKind kind) => Scenario.OnPostgreSqlAsync(kind);
}
