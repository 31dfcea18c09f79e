using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.PostgreSql;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The connection to PostgreSQL is lost before the first commit, or nothing comes through it any more.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class LostConnectionTests
{
    [SkippableTheory]
    [InlineData("FROM pg_attribute", Fate.NeverSent, 0)] // the plan looks at the table
    [InlineData("FROM pg_attribute", Fate.NeverSent, 3)]
    [InlineData("SELECT object_key, etag", Fate.AnswerLost, 3)] // and at the ledger
    [InlineData("pg_try_advisory_lock", Fate.AnswerLost, 1)]
    [InlineData("SET epoch = epoch + 1", Fate.NeverSent, 3)] // the claim
    [InlineData("COMMIT", Fate.NeverSent, 1)] // the claim's own
    [InlineData("COMMIT", Fate.AnswerLost, 1)]
    public async Task A_run_that_has_reached_the_server_goes_on_by_itself(string statement, Fate fate, int refusals)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(LoadKind.Upsert);
        await scenario.FinishAsync();
        scenario.ChangeFiles();
        await using var proxy = scenario.Database.Proxy();
        var store = await scenario.SecondStoreAsync(proxy.Through(scenario.Database));
        proxy.Arm(fate, statement, refusals);

        var run = await store.RunAsync();

        Assert.Equal(1, proxy.Dropped);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0, store);
        await scenario.FinishAsync(store);
    }

    [SkippableFact]
    public async Task A_server_that_never_was_reached_is_not_tried_again()
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(LoadKind.Append);
        int port;
        await using (var proxy = scenario.Database.Proxy())
            port = proxy.Through(scenario.Database).Port;
        var store = await scenario.SecondStoreAsync(((PostgreSqlDatabase)scenario.Database).Definition with { Port = port });

        var run = await store.RunAsync(retry: new CommitRetry { FirstDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) }).WaitAsync(TestLimits.Hang);

        Assert.Equal((RunStatus.Failed, "DestinationUnreachable"), (run.Run.Status, run.FeedError?.Id));
    }

    [SkippableTheory]
    [InlineData(LoadKind.Append)]
    [InlineData(LoadKind.Upsert)]
    public async Task A_COPY_on_a_silent_network_can_be_cancelled(LoadKind kind)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        await using (var proxy = scenario.Database.Proxy())
        {
            var store = await scenario.SecondStoreAsync(proxy.Through(scenario.Database));
            using var stopping = new CancellationTokenSource();
            var atStep = new AtStep(CommitStep.Writing, 1, () =>
            {
                proxy.FallSilent();
                stopping.Cancel();
            });

            var run = await store.RunAsync(atStep, cancellationToken: stopping.Token).WaitAsync(TestLimits.Hang);

            Assert.True(atStep.Happened);
            Assert.Equal(RunStatus.Canceled, run.Run.Status);
        }
        Assert.Empty((await scenario.MustAgreeAsync()).Loads);
        await scenario.FinishAsync();
    }
}
