using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Two machines that load into Redshift at once.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RedshiftRaceTests
{
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
        await RaceAsync(scenario, rounds: 3);
    }

    /// <summary>Lets two stores run at once, again and again.</summary>
    internal static async Task RaceAsync(Scenario scenario, int rounds)
    {
        var second = await scenario.SecondStoreAsync();
        for (var round = 0; round < rounds; round++)
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
}
