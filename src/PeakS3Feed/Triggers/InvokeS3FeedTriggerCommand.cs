using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Cmdlets.Runs;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>
/// Runs the feeds whose triggers are due, and ends. Meant for a system scheduler that calls it every minute, if no worker runs.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "S3FeedTrigger", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedRun))]
public sealed class InvokeS3FeedTriggerCommand : FeedCmdlet
{
    private readonly List<string> _names = [];

    [Parameter(
        Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Only these triggers; names or patterns with * and ?. By default all triggers that are due.")]
    [PipedName(Noun.Trigger)]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(HelpMessage = "Fire the named triggers now, even if they are not due or are disabled.")]
    [Alias("Force")]
    public SwitchParameter Now { get; set; }

    [Parameter(HelpMessage = "How many files each run may read at a time; by default the number of cores.")]
    [ValidateRange(1, RunOptions.ParallelismLimit)]
    public int MaxParallelism { get; set; } = RunOptions.DefaultMaxParallelism;

    [Parameter(HelpMessage = "How many feeds run at the same time; by default 4.")]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = TriggerServiceOptions.DefaultMaxRuns;

    // Collects all names first, so that feeds run in parallel.
    protected override void ProcessRecord() => _names.AddRange(Name);

    protected override void EndProcessing()
    {
        if (_names.Count == 0 && MyInvocation.ExpectingInput)
            return;
        if (Now && _names.Count == 0)
            WriteError(Errors.Create(NameMissing(), target: null));
        else
            RunFor(null, RunAsync);
    }

    private async Task RunAsync(FeedEngine engine, CancellationToken cancellationToken)
    {
        var triggers = await FindAsync(engine, cancellationToken);
        using var watchers = new WatcherService(engine);
        using var service = new TriggerService(engine, new TriggerServiceOptions
        {
            MaxRuns = ThrottleLimit,
            MaxParallelism = MaxParallelism,
            View = feed => new ProgressLines(feed, line => Post(() => WriteVerbose(line)), TimeProvider.System, announces: true),
            OnEnded = result => OnEnded(result, watchers),
        });
        var due = Now ? triggers : await service.FindDueAsync(Filter(triggers), cancellationToken);
        var target = due.Count == 0 ? "no trigger, because none is due" : string.Join(", ", due.Select(t => $"{t.Name} (feed {t.FeedName})"));
        if (!await ShouldAsync(target, Now ? "Fire" : "Run the feeds that are due"))
            return;
        if (_names.Count > 0)
            WarnOfWaiting(triggers.ExceptBy(due.Select(d => d.Id), t => t.Id), await engine.Store.ReadAsync(cancellationToken));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var notifying = watchers.RunBesideAsync(ended.Token, cancellationToken);
        List<Guid> requested = [];
        try
        {
            if (Now)
                requested = await FireAsync(service, triggers, cancellationToken);
            await service.TickAsync(Filter(triggers), cancellationToken);
            await service.DrainAsync(Filter(triggers), cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await notifying;
        }
        foreach (var fire in await engine.Fires.ListQueuedAsync(requested, cancellationToken))
            Warn($"The feed of trigger {fire.TriggerName} is already running in another process. The new run is queued; the worker or the next call "
                + "of Invoke-S3FeedTrigger starts it.");
    }

    // A person who names a trigger expects it to do something.
    private void WarnOfWaiting(IEnumerable<S3FeedTrigger> triggers, StoreDefinitions definitions)
    {
        foreach (var trigger in triggers)
        {
            var (text, mayFire) = TriggerText.DescribeWaiting(trigger, definitions.FindFeed(trigger.FeedName), DateTimeOffset.UtcNow);
            Warn(mayFire ? $"{text} Next: {Next(Remedy.Fire(trigger.Name))}" : text);
        }
    }

    private static FeedException NameMissing() => new(
        "TriggerNameMissing", FeedErrorCategory.InvalidArgument, "-Now fires triggers that are not due, so it needs their names.")
    {
        Hint = "Name the triggers, or write * for all.",
    };

    // Returns the fires that were requested.
    private async Task<List<Guid>> FireAsync(TriggerService service, IReadOnlyList<S3FeedTrigger> triggers, CancellationToken cancellationToken)
    {
        var requested = new List<Guid>();
        foreach (var trigger in triggers)
            await TryAsync(
                trigger.Name, async () => requested.Add(await service.FireAsync(trigger, requestId: null, cancellationToken)), cancellationToken);
        return requested;
    }

    private void OnEnded(RunResult result, WatcherService watchers)
    {
        watchers.OnEnded(result);
        EmitSoon(result.Run, result.Error);
    }

    private async Task<IReadOnlyList<S3FeedTrigger>> FindAsync(FeedEngine engine, CancellationToken cancellationToken)
    {
        var definitions = await engine.Store.ReadAsync(cancellationToken);
        return _names.Count == 0
            ? definitions.Triggers
            : [.. _names.SelectMany(n => NamePattern.Find(n, definitions.Triggers, t => t.Name, definitions.GetTrigger)).DistinctBy(t => t.Id)];
    }

    private Predicate<S3FeedTrigger>? Filter(IReadOnlyList<S3FeedTrigger> triggers)
    {
        if (_names.Count == 0)
            return null;
        var ids = triggers.Select(t => t.Id).ToHashSet();
        return t => ids.Contains(t.Id);
    }

    private void EmitSoon(S3FeedRun run, Exception? error) => Post(() =>
    {
        Emit(EndedRun.Show(run));
        if (error is not null)
            WriteError(Errors.FromRun(error, run));
    });
}
