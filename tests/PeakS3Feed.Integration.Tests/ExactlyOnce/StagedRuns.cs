using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What happens to runs into destinations that stage, whose commits are fenced by the ledger alone.</summary>
internal static class StagedRuns
{
    /// <summary>Stops a run at a step, lets a newer one take its place, and lets the stopped one go on.</summary>
    public static async Task MustFindItselfOvertakenAsync(Scenario scenario, LoadKind kind, CommitStep step)
    {
        using var zombie = HostProcess.StartStoppedAt(scenario.Store, step);
        await zombie.StoppedAsync();
        // The only load of a run that replaces all is committed by the last steps.
        var isDone = kind == LoadKind.TruncateInsert && step is CommitStep.Logged or CommitStep.Committed or CommitStep.LocallyRecorded;
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

    /// <summary>Lets two stores run at once, again and again.</summary>
    public static async Task RaceAsync(Scenario scenario, int rounds)
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
