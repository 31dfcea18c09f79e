using System.Diagnostics;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>PostgreSQL crashes and comes back in mid-load: the run goes on by itself.</summary>
[Collection(nameof(ServerIsDisturbed))]
public sealed class ServerRestartTests
{
    [SkippableTheory]
    [InlineData(LoadKind.Append, CommitStep.Writing, 2)]
    [InlineData(LoadKind.Append, CommitStep.Committing, 2)]
    [InlineData(LoadKind.Replacing, CommitStep.LocallyRecorded, 1)]
    [InlineData(LoadKind.Upsert, CommitStep.Written, 1)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Writing, 1)]
    public async Task The_run_goes_on_by_itself(LoadKind kind, CommitStep step, int occurrence)
    {
        var scripts = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_SERVERS");
        Skip.If(string.IsNullOrEmpty(scripts), "PEAKS3FEED_TEST_SERVERS is not set");
        await using var scenario = await Scenario.OnPostgreSqlAsync(kind);
        var restart = new AtStep(step, occurrence, () => Restart(scripts!));

        var run = await scenario.Store.RunAsync(restart);

        Assert.True(restart.Happened);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
        await scenario.FinishAsync();
    }

    private static void Restart(string scripts)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(scripts, "postgres.sh"), "restart", "immediate"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(errors.Result);
    }
}
