using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The answer to a commit into a warehouse is lost.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class WarehouseLostAnswerTests
{
    public static TheoryData<Way, LoadKind, TokenMode, bool, bool> LostAnswers
    {
        get
        {
            var all = new TheoryData<Way, LoadKind, TokenMode, bool, bool>();
            foreach (var way in (Way[])[Way.DataApi, Way.SqlApi])
            {
                foreach (var (arrives, fails) in ((bool, bool)[])[(true, false), (false, false), (true, true), (false, true)])
                {
                    foreach (var mode in Enum.GetValues<TokenMode>())
                        all.Add(way, LoadKind.Append, mode, arrives, fails);
                    // What the service makes of a request does not depend on the statements in it. Where it forgets, the ledger must know any load.
                    all.Add(way, LoadKind.TruncateInsert, TokenMode.Forget, arrives, fails);
                }
            }
            return all;
        }
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
        await using var scenario = await Scenario.OnWarehouseAsync(Way.Wire, kind);
        var database = (WarehouseDatabase)scenario.Database;
        var run = await scenario.Store.RunAsync(new AtStep(
            CommitStep.Committing, commit, () => database.Controls.Add(new ControlRule("lost", "^COMMIT", action))));

        await MustHaveSucceededAsync(scenario, run);
    }

    [SkippableTheory]
    [MemberData(nameof(LostAnswers))]
    public async Task Through_a_service_the_run_finds_out_what_became_of_a_commit_whose_answer_is_lost(
        Way way, LoadKind kind, TokenMode mode, bool arrives, bool fails)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, kind);
        var database = (WarehouseDatabase)scenario.Database;
        database.Tokens = mode;
        var run = await scenario.Store.RunAsync(new AtStep(CommitStep.Committing, 1, () =>
        {
            var action = arrives ? ControlAction.DropAfter : ControlAction.DropBefore;
            database.Controls.Add(new ControlRule("lost", database.CommitCall, action, Times: 2));
            if (fails)
                database.Controls.Add(database.Conflict("^INSERT INTO .*peaks3feed_load"));
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
