using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The connection to PostgreSQL is lost just when a commit is sent.</summary>
public sealed class LostAcknowledgementTests
{
    public static TheoryData<LoadKind, CommitFate, int> Cases
    {
        get
        {
            var cases = new TheoryData<LoadKind, CommitFate, int>();
            foreach (var kind in Enum.GetValues<LoadKind>())
            {
                foreach (var fate in Enum.GetValues<CommitFate>())
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
    public async Task The_run_finds_out_by_itself_what_became_of_its_commit(LoadKind kind, CommitFate fate, int commit)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        await using var proxy = Before(scenario);
        var store = await scenario.SecondStoreAsync(Through(proxy, scenario));

        var run = await store.RunAsync(new AtStep(CommitStep.Committing, commit, () => proxy.Arm(fate)));

        Assert.Equal(1, proxy.Dropped);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0, store);
        scenario.ChangeFiles();
        await scenario.FinishAsync(store);
    }

    [SkippableTheory]
    [InlineData(LoadKind.Append, CommitFate.AnswerLost)]
    [InlineData(LoadKind.Append, CommitFate.NeverSent)]
    [InlineData(LoadKind.TruncateInsert, CommitFate.AnswerLost)]
    [InlineData(LoadKind.TruncateInsert, CommitFate.NeverSent)]
    public async Task A_server_that_stays_away_leaves_the_outcome_open_and_the_next_run_knows_it(LoadKind kind, CommitFate fate)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        await using var proxy = Before(scenario);
        var store = await scenario.SecondStoreAsync(Through(proxy, scenario));
        var soon = new CommitRetry { FirstDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(50), MaxAttempts = 4 };

        var run = await store.RunAsync(new AtStep(CommitStep.Committing, 1, () => proxy.Arm(fate, forGood: true)), soon);

        Assert.Equal((RunStatus.Failed, "CommitOutcomeUnknown"), (run.Run.Status, run.FeedError?.Id));
        var now = await scenario.MustAgreeAsync();
        Assert.Equal(fate == CommitFate.AnswerLost ? 1 : 0, now.Sequence);
        await scenario.FinishAsync(); // by another way
    }

    private static CommitProxy Before(Scenario scenario)
        => ((PostgreSqlDatabase)scenario.Database).Definition is var server ? new CommitProxy(server.Host, server.Port) : throw new InvalidOperationException();

    private static PostgreSqlDestination Through(CommitProxy proxy, Scenario scenario)
        => ((PostgreSqlDatabase)scenario.Database).Definition with { Host = "127.0.0.1", Port = proxy.Port };
}
