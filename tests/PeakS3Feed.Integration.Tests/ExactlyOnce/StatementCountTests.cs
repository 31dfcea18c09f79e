using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The statements that a run sends to PostgreSQL: each costs a round trip.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StatementCountTests
{
    // One INSERT into the ledger takes this many objects.
    private const int ObjectsForEachStatement = 500;

    [SkippableTheory]
    [InlineData(LoadKind.Append)]
    [InlineData(LoadKind.Upsert)]
    [InlineData(LoadKind.TruncateInsert)]
    public async Task More_objects_cost_one_statement_for_every_500(LoadKind kind)
    {
        // The second object of a new table costs some statements, once: from then on, rows store the name of their object.
        var constant = await CountAsync(kind, files: 2);
        Assert.InRange(await CountAsync(kind, files: 1), constant - 5, constant);
        foreach (var files in new[] { 100, 1_000 })
            Assert.InRange(await CountAsync(kind, files), constant, constant + (files / ObjectsForEachStatement));
    }

    private static async Task<long> CountAsync(LoadKind kind, int files)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind, files, rows: 2, perCommit: int.MaxValue);
        await using var proxy = scenario.Database.Proxy();
        var store = await scenario.SecondStoreAsync(proxy.Through(scenario.Database));

        var run = await store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        return proxy.Statements;
    }
}
