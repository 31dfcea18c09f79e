using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Runs feeds one after the other. Each run loads new objects, exactly once.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedRun))]
public sealed class InvokeS3FeedCommand : FeedNameCmdlet
{
    [Parameter(HelpMessage = "Run disabled feeds, too.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "Whether the run history keeps the text of rejected rows, which is customer data.")]
    public RejectText RejectText { get; set; }

    [Parameter(HelpMessage = "How many files the run may read at a time; by default the number of cores.")]
    [ValidateRange(1, RunOptions.ParallelismLimit)]
    public int MaxParallelism { get; set; } = RunOptions.DefaultMaxParallelism;

    [Parameter(HelpMessage = "Base credentials for this call only: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    // Reads -WhatIf directly, because ShouldProcess needs its text first and the text is a plan.
    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => await (await CallAsync(() => IsWhatIf) ? PlanAsync(engine, name, cancellationToken) : RunAsync(engine, name, cancellationToken));

    private async Task PlanAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        using var plan = await engine.PlanAsync(name, Credential.ToAccessKey(), cancellationToken);
        var text = PlanText.Format(plan);
        await CallAsync(() => ShouldProcess(text, text, "Run the feed"));
        foreach (var warning in plan.Warnings)
            Warn(warning);
        if (plan.Obstacle is { } obstacle)
            await ErrorAsync(Errors.Create(obstacle, name));
    }

    private async Task RunAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.FindFeedAsync(name, cancellationToken);
        if (!await ShouldAsync(name, "Run the feed"))
            return;
        RunResult result;
        await using (var progress = new PipelineProgress(this, name))
        {
            var options = new RunOptions { Force = Force, RejectText = RejectText, MaxParallelism = MaxParallelism };
            result = await engine.RunAsync(name, options, Credential.ToAccessKey(), progress, cancellationToken);
        }
        WarnOf(result);
        await EmitAsync(EndedRun.Show(result.Run), StorePath);
        if (result.IsWatched)
        {
            using var watchers = new WatcherService(engine);
            await watchers.AfterRunAsync(result, cancellationToken);
        }
        if (result.Error is { } error)
            await ErrorAsync(Errors.FromRun(error, result.Run));
    }

    private void WarnOf(RunResult result)
    {
        foreach (var warning in result.Run.Warnings)
            Warn(warning);
        if (result.Run.WarningCount - result.Run.Warnings.Count is > 0 and var others)
            Warn($"The run has {Quantities.Count(others, "more warning")}.");
        if (result.FailedFileCount - result.FailedFiles.Count is > 0 and var more)
            Warn($"{Quantities.Count(more, "more file")} left out; only the first {result.FailedFiles.Count} are listed.");
        if (result.Run is { Status: RunStatus.SucceededWithRejects, RowsRejected: > 0 } run)
            Warn($"{Quantities.Count(run.RowsRejected, "row")} of feed {run.FeedName} could not be loaded; the feed allows that. Next: "
                + $"{Next(Remedy.RejectsOfRun(run.Id))}");
    }
}
