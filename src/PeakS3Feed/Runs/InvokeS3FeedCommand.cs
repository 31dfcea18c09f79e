using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Runs feeds one after the other, or several at the same time. Each run loads new objects, exactly once.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedRun))]
public sealed class InvokeS3FeedCommand : FeedNameCmdlet
{
    private readonly List<(string? StorePath, string Feed)> _collected = [];

    [Parameter(HelpMessage = "Run disabled feeds, too.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "Whether the run history keeps the text of rejected rows, which is customer data.")]
    public RejectText RejectText { get; set; }

    [Parameter(HelpMessage = "How many files the run may read at a time; by default the number of cores.")]
    [ValidateRange(1, RunOptions.ParallelismLimit)]
    public int MaxParallelism { get; set; } = RunOptions.DefaultMaxParallelism;

    [Parameter(HelpMessage = "How many feeds run at the same time; by default 1, one after the other.")]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = 1;

    [Parameter(HelpMessage = "Base credentials for this call only: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    protected override void ProcessRecord()
    {
        if (ThrottleLimit == 1)
            base.ProcessRecord();
        else
            _collected.AddRange(Name.Select(name => (StorePath, name)));
    }

    // Feeds of one store run at the same time. A second store follows.
    protected override void EndProcessing()
    {
        foreach (var store in _collected.GroupBy(f => f.StorePath, f => f.Feed, StringComparer.Ordinal))
        {
            StorePath = store.Key;
            string[] names = [.. store];
            RunFor(names, (engine, cancellationToken) => ActAsync(engine, names, cancellationToken));
        }
    }

    private protected override Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => ActAsync(engine, [name], cancellationToken);

    // Reads -WhatIf directly, because ShouldProcess needs its text first and the text is a plan.
    private async Task ActAsync(FeedEngine engine, string[] names, CancellationToken cancellationToken)
    {
        var plans = await CallAsync(() => IsWhatIf);
        var confirmed = new List<string>();
        foreach (var name in names)
            await TryAsync(
                name,
                async () =>
                {
                    if (plans)
                        await PlanAsync(engine, name, cancellationToken);
                    else if (await IsConfirmedAsync(engine, name, cancellationToken))
                        confirmed.Add(name);
                },
                cancellationToken);
        if (confirmed.Count > 0)
            await RunAsync(engine, confirmed, cancellationToken);
    }

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

    private async Task<bool> IsConfirmedAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.FindFeedAsync(name, cancellationToken);
        return await ShouldAsync(name, "Run the feed");
    }

    private async Task RunAsync(FeedEngine engine, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var progress = new PipelineProgress(this, names.Count);
        var batch = new FeedBatch(engine, new FeedBatchOptions
        {
            Limit = ThrottleLimit,
            RunOptions = new RunOptions { Force = Force, RejectText = RejectText, MaxParallelism = MaxParallelism },
            AccessKey = Credential.ToAccessKey(),
            View = progress.Begin,
        });
        await foreach (var outcome in batch.RunAsync(names, cancellationToken))
            await TryAsync(outcome.Feed, () => ReportAsync(engine, outcome, cancellationToken), cancellationToken);
    }

    private async Task ReportAsync(FeedEngine engine, FeedOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Result is not { } result)
            throw outcome.Error!;
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
