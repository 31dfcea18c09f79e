using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Gets triggers, with their next fire times and their last fire.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedTrigger", DefaultParameterSetName = NameSet)]
[OutputType(typeof(S3FeedTriggerInfo), typeof(S3FeedFire))]
public sealed class GetS3FeedTriggerCommand : FeedCmdlet
{
    private const string NameSet = "Name";
    private const string FeedSet = "Feed";

    [Parameter(
        ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Names or patterns with * and ?; by default all triggers.")]
    [PipedName(Noun.Trigger, Else = Noun.Feed)]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter(ParameterSetName = NameSet, HelpMessage = "Only triggers of these feeds; names or patterns.")]
    [Parameter(
        ParameterSetName = FeedSet, Mandatory = true, ValueFromPipeline = true, HelpMessage = "Only triggers of these feeds; names or patterns.")]
    [PipedName(Noun.Feed)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] FeedName { get; set; } = ["*"];

    [Parameter(HelpMessage = "Return the fires of the last 90 days, including skipped and missed ones; the newest first.")]
    public SwitchParameter History { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            RunFor(name, (engine, cancellationToken) => WriteAsync(engine, name, cancellationToken));
    }

    private async Task WriteAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var definitions = await engine.Store.ReadAsync(cancellationToken);
        var queues = await engine.ListQueueStatesAsync(definitions, cancellationToken);
        var triggers = NamePattern.Find(name, definitions.Triggers, t => t.Name, definitions.GetTrigger);
        foreach (var trigger in triggers.Where(t => FeedName.Any(f => NamePattern.IsMatch(f, t.FeedName))))
        {
            if (History)
                await WriteHistoryAsync(engine, trigger, cancellationToken);
            else
                await EmitAsync(
                    new S3FeedTriggerInfo(
                        trigger, DateTimeOffset.UtcNow, await LastAsync(engine, trigger, cancellationToken),
                        queue: OnStore(queues.GetValueOrDefault(trigger.Id))),
                    StorePath);
        }
    }

    // The commands get the store that -StorePath names.
    private QueueState? OnStore(QueueState? queue) => queue is null || StorePath is not { } store
        ? queue
        : queue with { Problems = [.. queue.Problems.Select(p => p with { Remedies = [.. p.Remedies.Select(r => r.OnStore(store))] })] };

    private async Task WriteHistoryAsync(FeedEngine engine, S3FeedTrigger trigger, CancellationToken cancellationToken)
    {
        await foreach (var fire in engine.Fires.ListAsync(trigger.Id, cancellationToken))
            await EmitAsync(WithFeed(fire, trigger.FeedName), StorePath);
    }

    private static ValueTask<S3FeedFire?> LastAsync(FeedEngine engine, S3FeedTrigger trigger, CancellationToken cancellationToken)
        => engine.Fires.ListAsync(trigger.Id, cancellationToken).FirstOrDefaultAsync(cancellationToken);
}
