using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Runs the feeds whose triggers are due, and ends: for a scheduler of the system that calls it every minute, where no worker serves.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "S3FeedTrigger", SupportsShouldProcess = true, DefaultParameterSetName = DueSet)]
[OutputType(typeof(S3FeedRun))]
public sealed class InvokeS3FeedTriggerCommand : FeedCmdlet
{
    private const string DueSet = "Due";
    private const string ForceSet = "Force";
    private const string NameHelp = "Only these triggers; names or patterns with * and ?. All that are due when left out.";

    private readonly List<string> _names = [];

    [Parameter(Position = 0, ParameterSetName = DueSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = NameHelp)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ForceSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = NameHelp)]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ForceSet, HelpMessage = "Fire the triggers that are named now, whether they are due or enabled or not.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "How many files each run may read at a time; by default the number of cores.")]
    [ValidateRange(1, RunOptions.MaxMaxParallelism)]
    public int MaxParallelism { get; set; } = RunOptions.DefaultMaxParallelism;

    // All together, so that feeds run side by side.
    protected override void ProcessRecord() => _names.AddRange(Name);

    protected override void EndProcessing()
    {
        if (_names.Count == 0 && MyInvocation.ExpectingInput)
            return;
        RunFor(null, RunAsync);
    }

    private async Task RunAsync(FeedEngine engine, CancellationToken cancellationToken)
    {
        var triggers = await FindAsync(engine, cancellationToken);
        if (!await ShouldAsync(_names.Count == 0 ? "all triggers" : string.Join(", ", triggers.Select(t => t.Name)), Force ? "Fire" : "Run the feeds that are due"))
            return;
        using var watchers = new WatcherService(engine);
        using var service = new TriggerService(engine, new TriggerServiceOptions { MaxParallelism = MaxParallelism, OnEnded = result => OnEnded(result, watchers) });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var telling = watchers.RunBesideAsync(ended.Token, cancellationToken);
        List<Guid> asked = [];
        try
        {
            if (Force)
                asked = await FireAsync(service, triggers, cancellationToken);
            await service.TickAsync(Fits(triggers), cancellationToken);
            await service.DrainAsync(Fits(triggers), cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await telling;
        }
        foreach (var fire in await engine.Fires.ListQueuedAsync(asked, cancellationToken))
            Warn($"The feed of trigger {fire.TriggerName} is being run by somebody else. Its run is queued, and made by the worker or the next call of Invoke-S3FeedTrigger.");
    }

    // The runs that were asked for.
    private async Task<List<Guid>> FireAsync(TriggerService service, IReadOnlyList<S3FeedTrigger> triggers, CancellationToken cancellationToken)
    {
        var asked = new List<Guid>();
        foreach (var trigger in triggers)
            await TryAsync(trigger.Name, async () => asked.Add(await service.FireAsync(trigger, requestId: null, cancellationToken)), cancellationToken);
        return asked;
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

    private Predicate<S3FeedTrigger>? Fits(IReadOnlyList<S3FeedTrigger> triggers)
    {
        if (_names.Count == 0)
            return null;
        var ids = triggers.Select(t => t.Id).ToHashSet();
        return t => ids.Contains(t.Id);
    }

    private void EmitSoon(S3FeedRun run, Exception? error) => Post(() =>
    {
        WriteObject(run);
        if (error is not null)
            WriteError(Errors.OfRun(error, run));
    });
}
