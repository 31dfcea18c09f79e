using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.PostgreSql;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The connection to PostgreSQL is lost just when a commit is sent.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class LostAcknowledgementTests
{
    public static TheoryData<LoadKind, Fate, int> Cases
    {
        get
        {
            var cases = new TheoryData<LoadKind, Fate, int>();
            foreach (var kind in Enum.GetValues<LoadKind>())
            {
                foreach (var fate in Enum.GetValues<Fate>())
                {
                    cases.Add(kind, fate, 1);
                    if (kind != LoadKind.TruncateInsert)
                        cases.Add(kind, fate, 2);
                }
            }
            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task The_run_finds_out_by_itself_what_became_of_its_commit(LoadKind kind, Fate fate, int commit)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        await using var proxy = scenario.Database.Proxy();
        var store = await scenario.SecondStoreAsync(proxy.Through(scenario.Database));

        var run = await store.RunAsync(new AtStep(CommitStep.Committing, commit, () => proxy.Arm(fate)));

        Assert.Equal(1, proxy.Dropped);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0, store);
        scenario.ChangeFiles();
        await scenario.FinishAsync(store);
    }

    [SkippableTheory]
    [InlineData(LoadKind.Append, Fate.AnswerLost)]
    [InlineData(LoadKind.Append, Fate.NeverSent)]
    [InlineData(LoadKind.TruncateInsert, Fate.AnswerLost)]
    [InlineData(LoadKind.TruncateInsert, Fate.NeverSent)]
    public async Task A_server_that_stays_away_leaves_the_outcome_open_and_the_next_run_knows_it(LoadKind kind, Fate fate)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        await using var proxy = scenario.Database.Proxy();
        var store = await scenario.SecondStoreAsync(proxy.Through(scenario.Database));
        var soon = new CommitRetry { FirstDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(50), MaxAttempts = 4 };

        var run = await store.RunAsync(new AtStep(CommitStep.Committing, 1, () => proxy.Arm(fate, refusals: int.MaxValue)), soon);

        Assert.Equal((RunStatus.Failed, "CommitOutcomeUnknown"), (run.Run.Status, run.FeedError?.Id));
        var now = await scenario.MustAgreeAsync();
        Assert.Equal(fate == Fate.AnswerLost ? 1 : 0, now.Sequence);
        await scenario.FinishAsync(); // by another way
    }
}
