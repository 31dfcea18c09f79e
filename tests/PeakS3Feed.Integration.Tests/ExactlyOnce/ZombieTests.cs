using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A run that stands still while a newer one takes its place, and then goes on.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class ZombieTests
{
    [SkippableTheory]
    [InlineData(LoadKind.Append, CommitStep.Writing, 2)]
    [InlineData(LoadKind.Replacing, CommitStep.Recorded, 2)]
    [InlineData(LoadKind.Upsert, CommitStep.Written, 1)]
    [InlineData(LoadKind.Append, CommitStep.Committing, 2)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Committing, 1)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Writing, 1)]
    public async Task On_PostgreSql_it_finds_itself_overtaken(LoadKind kind, CommitStep step, int occurrence)
    {
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        var database = (PostgreSqlDatabase)scenario.Database;
        using var zombie = HostProcess.StartStoppedAt(scenario.Store, step, occurrence);
        await zombie.StoppedAsync();
        Assert.NotEmpty(await database.SessionsAsync());
        await database.EndSessionsAsync();

        await MustBeOvertakenAsync(scenario, zombie);
    }

    [Theory]
    [InlineData(LoadKind.Append, CommitStep.LocallyRecorded)]
    [InlineData(LoadKind.Replacing, CommitStep.Committed)]
    [InlineData(LoadKind.Upsert, CommitStep.LocallyRecorded)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Claimed)]
    public async Task On_Sqlite_it_finds_itself_overtaken(LoadKind kind, CommitStep step)
    {
        await using var scenario = await Scenario.OnSqliteAsync(kind);
        using var zombie = HostProcess.StartStoppedAt(scenario.Store, step);
        await zombie.StoppedAsync();

        await MustBeOvertakenAsync(scenario, zombie);
    }

    private static async Task MustBeOvertakenAsync(Scenario scenario, HostProcess zombie)
    {
        var newer = await scenario.SecondStoreAsync();
        Assert.Equal(Runs.RunStatus.Succeeded, (await newer.RunAsync()).Run.Status);
        await scenario.MustBeCompleteAsync();

        zombie.Continue();
        var end = await zombie.WaitAsync();

        Assert.True((end.Code, end.ErrorId) == (1, "RunOvertaken"), end.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0, newer);
        await scenario.FinishAsync(newer);
    }
}
