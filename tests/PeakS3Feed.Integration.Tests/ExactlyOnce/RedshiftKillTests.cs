using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.RedshiftServer.Control;
using PeakS3Feed.RedshiftServer.DataApi;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Whatever happens to a run into Redshift, on both ways in: every row is there once.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RedshiftKillTests
{
    // Only the wire tells after each statement of the transaction.
    private static readonly CommitStep[] OnTheWire = [CommitStep.Began, CommitStep.Applied, CommitStep.Recorded];

    private static readonly CommitStep[] Steps =
    [
        CommitStep.Claimed, CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Prepared, CommitStep.Committing,
        CommitStep.Committed, CommitStep.LocallyRecorded,
    ];

    public static TheoryData<Way, LoadKind, CommitStep> AllSteps
    {
        get
        {
            var all = new TheoryData<Way, LoadKind, CommitStep>();
            foreach (var way in Enum.GetValues<Way>())
            {
                foreach (var kind in Enum.GetValues<LoadKind>())
                {
                    foreach (var step in way == Way.Wire ? Steps.Concat(OnTheWire) : Steps)
                        all.Add(way, kind, step);
                }
            }
            all.Add(Way.Wire, LoadKind.Replacing, CommitStep.EarlierDeleted);
            return all;
        }
    }

    /// <summary>
    /// The steps at which a process holds no lock in the warehouse. One that stands still within a transaction makes the newer run wait, until the
    /// server ends its session.
    /// </summary>
    public static TheoryData<Way, LoadKind, CommitStep> StepsWithoutLock
    {
        get
        {
            var all = new TheoryData<Way, LoadKind, CommitStep>();
            foreach (var row in AllSteps)
            {
                var (way, step) = ((Way)row[0], (CommitStep)row[2]);
                if (Steps.Contains(step) && !(way == Way.Wire && step == CommitStep.Committing))
                    all.Add(way, (LoadKind)row[1], step);
            }
            return all;
        }
    }

    public static TheoryData<LoadKind, TokenMode, bool, bool> LostAnswers
    {
        get
        {
            var all = new TheoryData<LoadKind, TokenMode, bool, bool>();
            foreach (var mode in Enum.GetValues<TokenMode>())
            {
                foreach (var kind in (LoadKind[])[LoadKind.Append, LoadKind.TruncateInsert])
                {
                    foreach (var (arrives, fails) in ((bool, bool)[])[(true, false), (false, false), (true, true), (false, true)])
                        all.Add(kind, mode, arrives, fails);
                }
            }
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
                foreach (var statement in (string[])["COPY .*_rows", "COPY .*_commit", "CREATE TABLE .*_rows", "LOCK", "INSERT INTO .*orders"])
                    all.Add(way, statement);
            }
            return all;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(AllSteps))]
    public async Task Every_row_is_there_once_after_a_kill_at(Way way, LoadKind kind, CommitStep step)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(way, kind);
        await KilledAtEveryStepTests.KillTwiceAsync(scenario, kind, step);
    }

    [SkippableTheory]
    [MemberData(nameof(Statements))]
    public async Task Every_row_is_there_once_after_a_kill_while_the_warehouse_is_at(Way way, string statement)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(way, LoadKind.Replacing);
        var database = (RedshiftDatabase)scenario.Database;
        database.Server.Controls.Add(new ControlRule("stall", $"{statement}.*", ControlAction.Stall, Skip: 1));
        using var host = HostProcess.Start(scenario.Store);
        await database.Server.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);

        Assert.True((await host.KillAsync()).WasKilled);
        // The statement goes on in the warehouse, as if nothing had happened.
        database.Server.Controls.Release("stall");

        await scenario.MustAgreeAsync();
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 1);
    }

    [SkippableTheory]
    [MemberData(nameof(StepsWithoutLock))]
    public async Task A_run_that_stands_still_finds_itself_overtaken(Way way, LoadKind kind, CommitStep step)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(way, kind);
        using var zombie = HostProcess.StartStoppedAt(scenario.Store, step);
        await zombie.StoppedAsync();
        var isDone = kind == LoadKind.TruncateInsert && step is CommitStep.Committed or CommitStep.LocallyRecorded;
        var newer = await scenario.SecondStoreAsync();
        Assert.Equal(isDone ? RunStatus.NothingToDo : RunStatus.Succeeded, (await newer.RunAsync()).Run.Status);
        await scenario.MustBeCompleteAsync();

        zombie.Continue();
        var end = await zombie.WaitAsync();

        if (isDone)
            Assert.Equal((0, "Succeeded"), (end.Code, end.Status));
        else
            Assert.True((end.Code, end.ErrorId) == (1, "RunOvertaken"), end.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0, newer);
        await scenario.FinishAsync(newer);
    }

    [SkippableTheory]
    [InlineData(Way.Wire, LoadKind.Append)]
    [InlineData(Way.Wire, LoadKind.Replacing)]
    [InlineData(Way.Wire, LoadKind.Upsert)]
    [InlineData(Way.Wire, LoadKind.TruncateInsert)]
    [InlineData(Way.DataApi, LoadKind.Append)]
    [InlineData(Way.DataApi, LoadKind.Replacing)]
    [InlineData(Way.DataApi, LoadKind.Upsert)]
    [InlineData(Way.DataApi, LoadKind.TruncateInsert)]
    public async Task Two_machines_that_start_at_once_load_every_row_once(Way way, LoadKind kind)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(way, kind);
        var second = await scenario.SecondStoreAsync();
        for (var round = 0; round < 5; round++)
        {
            scenario.ChangeFiles(added: 3, rewritten: 2);
            var ends = await Task.WhenAll(Task.Run(() => scenario.RunAsync()), Task.Run(() => scenario.RunAsync(second)));

            Assert.Contains(ends, e => e.Run.Status == RunStatus.Succeeded);
            Assert.All(
                ends,
                e => Assert.True(
                    e.Run.Status is RunStatus.Succeeded or RunStatus.NothingToDo || e.FeedError?.Id == "RunOvertaken", e.Error?.ToString()));
            await scenario.MustBeCompleteAsync();
        }
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0, second);
    }

    [SkippableTheory]
    [InlineData(LoadKind.Append, ControlAction.DropBefore, 1)]
    [InlineData(LoadKind.Append, ControlAction.DropAfter, 1)]
    [InlineData(LoadKind.Append, ControlAction.DropBefore, 2)]
    [InlineData(LoadKind.Append, ControlAction.DropAfter, 2)]
    [InlineData(LoadKind.Replacing, ControlAction.DropAfter, 2)]
    [InlineData(LoadKind.Upsert, ControlAction.DropAfter, 2)]
    [InlineData(LoadKind.TruncateInsert, ControlAction.DropBefore, 1)]
    [InlineData(LoadKind.TruncateInsert, ControlAction.DropAfter, 1)]
    public async Task On_the_wire_the_run_finds_out_what_became_of_a_commit_whose_answer_is_lost(LoadKind kind, ControlAction action, int commit)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(Way.Wire, kind);
        var database = (RedshiftDatabase)scenario.Database;
        var run = await scenario.Store.RunAsync(new AtStep(
            CommitStep.Committing, commit, () => database.Server.Controls.Add(new ControlRule("lost", "^COMMIT", action))));

        await MustHaveSucceededAsync(scenario, run);
    }

    [SkippableTheory]
    [MemberData(nameof(LostAnswers))]
    public async Task On_the_Data_API_the_run_finds_out_what_became_of_a_commit_whose_answer_is_lost(
        LoadKind kind, TokenMode mode, bool arrives, bool fails)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(Way.DataApi, kind);
        var database = (RedshiftDatabase)scenario.Database;
        database.Server.Tokens = mode;
        var run = await scenario.Store.RunAsync(new AtStep(CommitStep.Committing, 1, () =>
        {
            var action = arrives ? ControlAction.DropAfter : ControlAction.DropBefore;
            database.Server.Controls.Add(new ControlRule("lost", "RedshiftData.BatchExecuteStatement", action, Times: 2));
            if (fails)
                database.Server.Controls.Add(new ControlRule("conflict", "INSERT INTO .*peaks3feed_load", ControlAction.Fail, Message: "1023"));
        }));

        await MustHaveSucceededAsync(scenario, run);
    }

    private static async Task MustHaveSucceededAsync(Scenario scenario, Feeds.Running.RunResult run)
    {
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
        scenario.ChangeFiles();
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
    }
}
