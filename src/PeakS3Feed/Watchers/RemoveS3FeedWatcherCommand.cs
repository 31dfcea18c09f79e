using System.Management.Automation;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Removes watchers. Their deliveries stay in the history.</summary>
[Cmdlet(VerbsCommon.Remove, "S3FeedWatcher", SupportsShouldProcess = true)]
public sealed class RemoveS3FeedWatcherCommand : WatcherNameCmdlet
{
    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.DryRun.RemoveWatcherAsync(name, cancellationToken);
        if (await ShouldAsync(name, "Remove the watcher"))
            await engine.Definitions.RemoveWatcherAsync(name, cancellationToken);
    }
}
