using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A run into a warehouse that is killed: every row is there once.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class WarehouseKillTests
{
    // A process that is killed between two requests leaves the same, whatever the way. So one of the two services is tried at all steps, and the
    // other one after a COPY and around the commit, which are requests of its own.
    private static readonly CommitStep[] OfTheDataApi = [CommitStep.Copied, CommitStep.Committing, CommitStep.Committed];

    // Only the wire tells after each statement of the transaction.
    private static readonly CommitStep[] OnTheWire = [CommitStep.Began, CommitStep.Applied, CommitStep.Recorded];

    private static readonly string[] EachStatement = ["COPY .*_rows", "COPY .*_commit", "CREATE .*TABLE .*_rows", "lock", "INSERT INTO .*orders"];

    // The Data API runs the statements that the wire runs, and gets those of a commit in one request.
    private static readonly string[] OfOneRequest = ["COPY .*_rows", "INSERT INTO .*orders"];

    internal static readonly CommitStep[] Steps =
    [
        CommitStep.Claimed, CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Prepared, CommitStep.Committing,
        CommitStep.Committed, CommitStep.LocallyRecorded,
    ];

    /// <summary>The steps of the load that has most statements, and some of the others.</summary>
    public static TheoryData<Way, LoadKind, CommitStep> AllSteps
    {
        get
        {
            var all = new TheoryData<Way, LoadKind, CommitStep>();
            foreach (var way in Enum.GetValues<Way>())
            {
                // What differs between the kinds of loads is a statement or two of the script.
                foreach (var kind in Enum.GetValues<LoadKind>().Where(k => k != LoadKind.Replacing))
                    all.Add(way, kind, CommitStep.Committing);
                foreach (var step in way == Way.Wire ? [.. Steps, .. OnTheWire] : way == Way.DataApi ? OfTheDataApi : Steps)
                    all.Add(way, LoadKind.Replacing, step);
            }
            all.Add(Way.Wire, LoadKind.Replacing, CommitStep.EarlierDeleted);
            return all;
        }
    }

    /// <summary>The statements of a load, by a text that each has, and what happens to the process when the warehouse gets one.</summary>
    public static TheoryData<Way, string> Statements
    {
        get
        {
            var all = new TheoryData<Way, string>();
            foreach (var way in Enum.GetValues<Way>())
            {
                foreach (var statement in way == Way.DataApi ? OfOneRequest : EachStatement)
                    all.Add(way, statement);
            }
            return all;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(AllSteps))]
    public async Task Every_row_is_there_once_after_a_kill_at(Way way, LoadKind kind, CommitStep step)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, kind);
        // The second kill is in a run's second commit. What differs there is not the way or the load: the way with most steps shows it.
        if (way == Way.Wire && kind == LoadKind.Replacing)
            await KilledAtEveryStepTests.KillTwiceAsync(scenario, kind, step);
        else
            await KilledAtEveryStepTests.KillOnceAsync(scenario, step);
    }

    [SkippableTheory]
    [MemberData(nameof(Statements))]
    public async Task Every_row_is_there_once_after_a_kill_while_the_warehouse_is_at(Way way, string statement)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, LoadKind.Replacing);
        var database = (WarehouseDatabase)scenario.Database;
        database.Controls.Add(new ControlRule("stall", statement == "lock" ? database.LockPattern : $"^{statement}", ControlAction.Stall, Skip: 1));
        using var host = HostProcess.Start(scenario.Store);
        await database.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);

        Assert.True((await host.KillAsync()).WasKilled);
        // The statement goes on in the warehouse, as if nothing had happened.
        database.Controls.Release("stall");

        await scenario.MustAgreeAsync();
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 1);
    }

}
