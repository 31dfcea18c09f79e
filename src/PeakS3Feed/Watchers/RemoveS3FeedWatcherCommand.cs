using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Removes watchers. Their deliveries stay in the history.</summary>
[Cmdlet(VerbsCommon.Remove, "S3FeedWatcher", SupportsShouldProcess = true)]
public sealed class RemoveS3FeedWatcherCommand : WatcherNameCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The watcher's name.")]
    [PipedName(Noun.Watcher, Only = true)]
    [ArgumentCompleter(typeof(WatcherNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];

    private protected override Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => ChangeAsync(engine, name, "Remove the watcher", d => d.RemoveWatcherAsync(name, cancellationToken));
}
