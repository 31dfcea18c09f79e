using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>The base of cmdlets that process each definition that the command or the pipeline names.</summary>
public abstract class NamedCmdlet : FeedCmdlet
{
    /// <summary>The names. Each kind of definition has its own parameter, because completion and help differ.</summary>
    public abstract string[] Name { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            RunFor(name, (engine, cancellationToken) => ActAsync(engine, name, cancellationToken));
    }

    /// <summary>Processes one definition.</summary>
    private protected abstract Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken);
}

/// <summary>The base of cmdlets that process each named connection.</summary>
public abstract class ConnectionNameCmdlet : NamedCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The connection's name.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];
}

/// <summary>The base of cmdlets that process each named destination.</summary>
public abstract class DestinationNameCmdlet : NamedCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The destination's name.")]
    [PipedName(Noun.Destination)]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];
}

/// <summary>The base of cmdlets that process each named feed.</summary>
public abstract class FeedNameCmdlet : NamedCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The feed's name.")]
    [Alias("FeedName")]
    [PipedName(Noun.Feed)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];
}

/// <summary>The base of cmdlets that process each named trigger.</summary>
public abstract class TriggerNameCmdlet : NamedCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The trigger's name.")]
    [PipedName(Noun.Trigger)]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];
}

/// <summary>The base of cmdlets that process each named watcher.</summary>
public abstract class WatcherNameCmdlet : NamedCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The watcher's name.")]
    [PipedName(Noun.Watcher)]
    [ArgumentCompleter(typeof(WatcherNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];
}
