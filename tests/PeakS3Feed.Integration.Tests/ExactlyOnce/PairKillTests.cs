using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// Two destinations of one feed, of which the process is killed at each step, while the first or the second of them takes it. Every row is then in both
/// once.
/// </summary>
[Trait(Category.Name, Category.Kill)]
public sealed class PairKillTests
{
    private static readonly CommitStep[] Steps =
        [CommitStep.Claimed, CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Committing, CommitStep.Committed, CommitStep.LocallyRecorded];

    // The steps within the transaction of a database that takes rows: it commits first, and the table of files takes none of them.
    private static readonly CommitStep[] RowSteps =
    [
        CommitStep.Began, CommitStep.Locked, CommitStep.Prepared, CommitStep.EarlierDeleted, CommitStep.Writing, CommitStep.Written, CommitStep.Applied,
        CommitStep.Recorded,
    ];

    /// <summary>All steps of the load that has most statements; of the other loads those around the commit of their own statements.</summary>
    public static TheoryData<LoadKind, CommitStep, int> KindsAndSteps
    {
        get
        {
            var all = new TheoryData<LoadKind, CommitStep, int>();
            foreach (var kind in (LoadKind[])[LoadKind.Append, LoadKind.Replacing, LoadKind.TruncateInsert])
            {
                foreach (var step in kind == LoadKind.Replacing ? Steps : [CommitStep.Committing, CommitStep.Committed])
                {
                    all.Add(kind, step, 1);
                    all.Add(kind, step, 2);
                }
            }
            return all;
        }
    }

    public static TheoryData<LoadKind, CommitStep, int> RowKindsAndSteps
    {
        get
        {
            var all = new TheoryData<LoadKind, CommitStep, int>();
            foreach (var step in RowSteps)
                all.Add(LoadKind.Replacing, step, step == CommitStep.EarlierDeleted ? 1 : 2);
            foreach (var step in (CommitStep[])[CommitStep.Staged, CommitStep.Checked, CommitStep.Committing, CommitStep.Committed, CommitStep.LocallyRecorded])
            {
                all.Add(LoadKind.Replacing, step, 1);
                all.Add(step is CommitStep.Committed ? LoadKind.TruncateInsert : LoadKind.Append, step, 2);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndSteps))]
    public Task Every_row_is_in_both_once_after_a_kill_at(LoadKind kind, CommitStep step, int occurrence) => KillAsync(Beside.Script, kind, step, occurrence);

    [Theory]
    [InlineData(LoadKind.Append, CommitStep.Staged, 2)]
    [InlineData(LoadKind.Replacing, CommitStep.Writing, 1)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Recorded, 1)]
    [InlineData(LoadKind.Replacing, CommitStep.Committing, 1)]
    [InlineData(LoadKind.Replacing, CommitStep.Committed, 1)]
    [InlineData(LoadKind.Append, CommitStep.Committing, 2)]
    public Task Every_row_is_in_SQLite_and_in_the_files_once_after_a_kill_at(LoadKind kind, CommitStep step, int occurrence)
        => KillAsync(Beside.Sqlite, kind, step, occurrence);

    [SkippableTheory]
    [Trait(Category.Name, Category.Server)]
    [MemberData(nameof(RowKindsAndSteps))]
    public Task Every_row_is_in_PostgreSQL_and_in_the_files_once_after_a_kill_at(LoadKind kind, CommitStep step, int occurrence)
        => KillAsync(Beside.PostgreSql, kind, step, occurrence);

    private static async Task KillAsync(Beside beside, LoadKind kind, CommitStep step, int occurrence)
    {
        await using var scenario = await PairScenario.CreateAsync(beside, kind);
        if (step == CommitStep.EarlierDeleted)
        {
            await scenario.Store.RunAsync();
            scenario.ChangeFiles();
        }
        var kills = beside == Beside.Script ? 2 : 1;
        for (var kill = 0; kill < kills; kill++)
        {
            using var host = HostProcess.StartKilledAt(scenario.Store, step, occurrence, scenario.Temporary);
            var exit = await host.WaitAsync();
            Assert.True(exit.WasKilled, exit.ToString());
            Assert.Empty(Directory.GetFiles(scenario.Temporary, "peaks3feed-*"));
            await scenario.MustAgreeAsync();
            scenario.ChangeFiles();
        }

        await scenario.FinishAsync();
    }
}
