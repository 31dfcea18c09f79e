using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>The base of cmdlets that process each named watcher.</summary>
public abstract class WatcherNameCmdlet : FeedCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The watcher's name.")]
    [ArgumentCompleter(typeof(WatcherNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    protected sealed override void ProcessRecord()
    {
        foreach (var name in Name)
            RunFor(name, (engine, cancellationToken) => ActAsync(engine, name, cancellationToken));
    }

    /// <summary>Processes one watcher.</summary>
    private protected abstract Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken);
}
