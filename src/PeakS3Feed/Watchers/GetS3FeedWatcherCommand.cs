using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Gets watchers, or their deliveries.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedWatcher", DefaultParameterSetName = NameSet)]
[OutputType(typeof(S3FeedWatcherInfo), typeof(S3FeedDelivery))]
public sealed class GetS3FeedWatcherCommand : FeedCmdlet
{
    private const string NameSet = "Name";
    private const string FeedSet = "Feed";

    [Parameter(
        ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Names or patterns with * and ?; by default all watchers.")]
    [PipedName(Noun.Watcher, Else = Noun.Feed)]
    [ArgumentCompleter(typeof(WatcherNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter(ParameterSetName = NameSet, HelpMessage = "Only watchers of these feeds; names or patterns.")]
    [Parameter(
        ParameterSetName = FeedSet, Mandatory = true, ValueFromPipeline = true, HelpMessage = "Only watchers of these feeds; names or patterns.")]
    [PipedName(Noun.Feed)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] FeedName { get; set; } = ["*"];

    [Parameter(HelpMessage = "Return the deliveries of the last 90 days, with their outcomes; the newest first.")]
    public SwitchParameter History { get; set; }

    protected override void ProcessRecord()
    {
        // Includes the deliveries of removed watchers.
        if (History && Name is ["*"] && FeedName is ["*"])
        {
            RunFor(null, (engine, cancellationToken) => WriteHistoryAsync(engine, watcher: null, cancellationToken));
            return;
        }
        foreach (var name in Name)
            RunFor(name, (engine, cancellationToken) => WriteAsync(engine, name, cancellationToken));
    }

    private async Task WriteAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var definitions = await engine.Store.ReadAsync(cancellationToken);
        var watchers = NamePattern.Find(name, definitions.Watchers, w => w.Name, definitions.GetWatcher);
        foreach (var watcher in watchers.Where(w => FeedName.Any(f => NamePattern.IsMatch(f, w.FeedName))))
        {
            if (History)
                await WriteHistoryAsync(engine, watcher, cancellationToken);
            else
                await EmitAsync(new S3FeedWatcherInfo(watcher), StorePath);
        }
    }

    private async Task WriteHistoryAsync(FeedEngine engine, S3FeedWatcher? watcher, CancellationToken cancellationToken)
    {
        var feeds = (await engine.Store.ReadAsync(cancellationToken)).Feeds;
        await foreach (var delivery in engine.Deliveries.ListAsync(watcher?.Id, cancellationToken))
            await EmitAsync(WithFeed(delivery, feeds.FirstOrDefault(f => f.Id == delivery.FeedId)?.Name), StorePath);
    }
}
