using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>PostgreSQL crashes and comes back in mid-load: the run goes on by itself.</summary>
[Trait(Category.Name, Category.Server)]
[Collection(nameof(OwnPostgreSql))]
public sealed class ServerRestartTests(OwnPostgreSql server)
{
    [SkippableTheory]
    [InlineData(LoadKind.Append, CommitStep.Writing, 2)]
    [InlineData(LoadKind.Append, CommitStep.Committing, 2)]
    [InlineData(LoadKind.Replacing, CommitStep.LocallyRecorded, 1)]
    [InlineData(LoadKind.Upsert, CommitStep.Written, 1)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Writing, 1)]
    public async Task The_run_goes_on_by_itself(LoadKind kind, CommitStep step, int occurrence)
    {
        await using var scenario = await Scenario.CreateAsync(async f => await PostgreSqlDatabase.CreateAsync(f, server.Start()), kind);
        var restart = new AtStep(step, occurrence, server.Crash);

        var run = await scenario.Store.RunAsync(restart);

        Assert.True(restart.Happened);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
        await scenario.FinishAsync();
    }
}
