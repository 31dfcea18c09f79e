using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// Destinations of two kinds that the core does not know: one commits by one script whose checks fail, the other by one file that is created
/// if it does not exist. Whatever happens to a run, every row is there once.
/// </summary>
[Trait(Category.Name, Category.Kill)]
public sealed class OutsideKindTests
{
    private static readonly CommitStep[] Steps =
        [CommitStep.Claimed, CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Committing, CommitStep.Committed, CommitStep.LocallyRecorded];

    public static TheoryData<string, LoadKind> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, LoadKind>();
            foreach (var kind in Enum.GetValues<LoadKind>())
                kinds.Add("script", kind);
            foreach (var kind in Enum.GetValues<LoadKind>().Where(k => k != LoadKind.Upsert)) // which a folder cannot do
                kinds.Add("folder", kind);
            return kinds;
        }
    }

    /// <summary>All steps of the load that has most statements; of the other loads those around the commit of their own statements.</summary>
    public static TheoryData<string, LoadKind, CommitStep> KindsAndSteps
    {
        get
        {
            var all = new TheoryData<string, LoadKind, CommitStep>();
            foreach (var row in Kinds)
            {
                var kind = (LoadKind)row[1];
                foreach (var step in kind == LoadKind.Replacing ? Steps : [CommitStep.Committing, CommitStep.Committed])
                    all.Add((string)row[0], kind, step);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndSteps))]
    public async Task Every_row_is_there_once_after_a_kill_at(string destination, LoadKind kind, CommitStep step)
    {
        await using var scenario = await BeginAsync(destination, kind);
        await KilledAtEveryStepTests.KillTwiceAsync(scenario, kind, step);
    }

    [Theory]
    [MemberData(nameof(KindsAndSteps))]
    public async Task A_run_that_stands_still_finds_itself_overtaken(string destination, LoadKind kind, CommitStep step)
    {
        await using var scenario = await BeginAsync(destination, kind);
        await StagedRuns.MustFindItselfOvertakenAsync(scenario, kind, step);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Two_machines_that_start_at_once_load_every_row_once(string destination, LoadKind kind)
    {
        await using var scenario = await BeginAsync(destination, kind);
        await StagedRuns.RaceAsync(scenario, rounds: 6);
    }

    private static Task<Scenario> BeginAsync(string destination, LoadKind kind)
        => destination == "script" ? Scenario.OnScriptAsync(kind) : Scenario.OnFolderAsync(kind);
}
