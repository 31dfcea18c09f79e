using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// A run into a table on S3 that is killed, stands still, or races with another one: on a folder, where it takes the least time, and narrower on
/// Ceph.
/// </summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class ExternalTableTests
{
    private static readonly CommitStep[] Steps =
    [
        CommitStep.Claimed, CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Applied, CommitStep.Recorded, CommitStep.Committing,
        CommitStep.Logged, CommitStep.Committed, CommitStep.LocallyRecorded,
    ];

    /// <summary>All steps of an Upsert, which rewrites files; of the other loads those at which they differ.</summary>
    public static TheoryData<LoadKind, CommitStep> KindsAndSteps
    {
        get
        {
            var all = new TheoryData<LoadKind, CommitStep>();
            foreach (var kind in Enum.GetValues<LoadKind>())
            {
                foreach (var step in kind == LoadKind.Upsert ? Steps : [CommitStep.Committing, CommitStep.Logged])
                    all.Add(kind, step);
            }
            return all;
        }
    }

    /// <summary>What differs on S3 is how ledger and log are written: each load at these steps.</summary>
    public static TheoryData<LoadKind, CommitStep> KindsAndStepsOnCeph
    {
        get
        {
            var all = new TheoryData<LoadKind, CommitStep> { { LoadKind.Upsert, CommitStep.Applied }, { LoadKind.Upsert, CommitStep.Recorded } };
            foreach (var kind in Enum.GetValues<LoadKind>())
            {
                all.Add(kind, CommitStep.Committing);
                all.Add(kind, CommitStep.Logged);
            }
            return all;
        }
    }

    public static TheoryData<LoadKind> Kinds => [.. Enum.GetValues<LoadKind>()];

    [Theory]
    [MemberData(nameof(KindsAndSteps))]
    public async Task Every_row_is_there_once_after_a_kill_at(LoadKind kind, CommitStep step)
    {
        await using var scenario = await BeginAsync(kind);
        await KilledAtEveryStepTests.KillTwiceAsync(scenario, kind, step);
    }

    [SkippableTheory]
    [MemberData(nameof(KindsAndStepsOnCeph))]
    public async Task On_Ceph_every_row_is_there_once_after_a_kill_at(LoadKind kind, CommitStep step)
    {
        await using var scenario = await BeginOnCephAsync(kind);
        await KilledAtEveryStepTests.KillOnceAsync(scenario, step);
    }

    // ExternalFenceTests of the core has all steps, within one process.
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task On_Ceph_a_run_that_stands_still_finds_itself_overtaken(LoadKind kind)
    {
        await using var scenario = await BeginOnCephAsync(kind);
        await StagedRuns.MustFindItselfOvertakenAsync(scenario, kind, CommitStep.Committing);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Two_machines_that_start_at_once_load_every_row_once(LoadKind kind)
    {
        await using var scenario = await BeginAsync(kind);
        await StagedRuns.RaceAsync(scenario, rounds: 4);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task On_Ceph_two_machines_that_start_at_once_load_every_row_once(LoadKind kind)
    {
        await using var scenario = await BeginOnCephAsync(kind);
        await StagedRuns.RaceAsync(scenario, rounds: 3);
    }

    // Every scenario compares what they read, where they are installed.
    [SkippableFact]
    public async Task Other_readers_find_the_rows_and_notice_a_file_that_differs()
    {
        Skip.IfNot(OtherParquetReaders.AreInstalled, "tests/servers/parquet.sh has not installed the readers.");
        await using var scenario = await BeginAsync(LoadKind.Upsert);
        await scenario.FinishAsync();
        var table = await ((ExternalTableDatabase)scenario.Database).GetTableAsync("orders");
        using var replay = new DeltaReplay(table);
        var files = replay.ReadFiles().Select(f => Path.Combine(table, f)).ToList();
        await OtherParquetReaders.MustAgreeAsync(replay, files);

        using var folder = new TestFolder();
        var other = folder.File("other.parquet");
        replay.Query(
            $"""
            COPY (SELECT * EXCLUDE (file_row_number) REPLACE (CASE WHEN file_row_number = 1 THEN version + 1 ELSE version END AS version)
                FROM read_parquet({DeltaReplay.Quote(files[0])}, file_row_number = true)) TO {DeltaReplay.Quote(other)} (FORMAT parquet)
            """);
        await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => OtherParquetReaders.MustAgreeAsync(replay, [other], [files[0]]));
    }

    private static Task<Scenario> BeginAsync(LoadKind kind)
        => Scenario.CreateAsync(f => Task.FromResult<TestDatabase>(ExternalTableDatabase.InFolder(f)), kind);

    private static Task<Scenario> BeginOnCephAsync(LoadKind kind)
        => Scenario.CreateAsync(async f => await ExternalTableDatabase.OnCephAsync(f), kind);
}
