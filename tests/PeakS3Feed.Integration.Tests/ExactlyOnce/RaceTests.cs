using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Two workers that run one feed at once.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public abstract class RaceTests
{
    private const int Rounds = 12;
    private static readonly string[] Refusals = ["FeedAlreadyRunning", "RunOvertaken", "DestinationBusy"];

    protected abstract Task<Scenario> BeginAsync(LoadKind kind);

    [SkippableFact]
    public async Task The_second_worker_of_one_store_is_refused_by_the_name_of_the_first()
    {
        await using var scenario = await BeginAsync(LoadKind.Append);
        using var first = HostProcess.StartStoppedAt(scenario.Store, CommitStep.Writing);
        await first.StoppedAsync();

        var refused = await Assert.ThrowsAsync<FeedException>(() => scenario.Store.RunAsync());

        Assert.Equal("FeedAlreadyRunning", refused.Id);
        var holder = Assert.Single(await scenario.Store.RunsAsync());
        Assert.Contains(holder.Id.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {first.Id}", refused.Message, StringComparison.Ordinal);
        first.Continue();
        Assert.Equal("Succeeded", (await first.WaitAsync()).Status);
        await scenario.FinishAsync();
    }

    [SkippableTheory]
    [InlineData(LoadKind.Append)]
    [InlineData(LoadKind.Replacing)]
    [InlineData(LoadKind.Upsert)]
    [InlineData(LoadKind.TruncateInsert)]
    public async Task Two_machines_that_start_at_once_load_every_row_once(LoadKind kind)
    {
        await using var scenario = await BeginAsync(kind);
        var second = await scenario.SecondStoreAsync();
        for (var round = 0; round < Rounds; round++)
        {
            scenario.ChangeFiles(added: 3, rewritten: 2);
            var ends = await Task.WhenAll(Task.Run(() => EndOfAsync(scenario.Store)), Task.Run(() => EndOfAsync(second)));

            Assert.Contains(ends, e => e is "Succeeded");
            Assert.All(ends, e => Assert.Contains(e, Refusals.Append("Succeeded").Append("NothingToDo")));
            await scenario.MustBeCompleteAsync();
        }
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0, second);
    }

    [SkippableFact]
    public async Task Two_processes_that_start_at_once_load_every_row_once()
    {
        await using var scenario = await BeginAsync(LoadKind.Replacing);
        var second = await scenario.SecondStoreAsync();
        for (var round = 0; round < 3; round++)
        {
            scenario.ChangeFiles(added: 6, rewritten: 2);
            using var one = HostProcess.Start(scenario.Store);
            using var other = HostProcess.Start(second);
            HostExit[] ends = [await one.WaitAsync(), await other.WaitAsync()];

            Assert.Contains(ends, e => e.Status is "Succeeded");
            Assert.All(ends, e => Assert.True(e.Code == 0 || Refusals.Contains(e.ErrorId, StringComparer.Ordinal), e.ToString()));
            await scenario.MustBeCompleteAsync();
        }
        await scenario.HistoryMustAgreeAsync(dead: 0, second);
    }

    private static async Task<string> EndOfAsync(TestStore store)
    {
        try
        {
            var result = await store.RunAsync();
            return result.Run.Status == RunStatus.Failed ? Named(result) : result.Run.Status.ToString();
        }
        catch (FeedException refused)
        {
            return refused.Id;
        }
    }

    private static string Named(RunResult result) => result.FeedError?.Id ?? result.Error!.ToString();
}

[Trait(Category.Name, Category.Kill)]
public sealed class RaceOnSqliteTests : RaceTests
{
    protected override Task<Scenario> BeginAsync(LoadKind kind) => Scenario.OnSqliteAsync(kind);
}

[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RaceOnPostgreSqlTests : RaceTests
{
    protected override Task<Scenario> BeginAsync(LoadKind kind) => Scenario.OnPostgreSqlAsync(kind);
}
