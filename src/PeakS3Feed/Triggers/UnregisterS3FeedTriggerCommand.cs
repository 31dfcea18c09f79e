using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Removes triggers. Their fires stay in the history.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "S3FeedTrigger", SupportsShouldProcess = true)]
public sealed class UnregisterS3FeedTriggerCommand : TriggerNameCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The trigger's name.")]
    [PipedName(Noun.Trigger, Only = true)]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];

    private protected override Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => ChangeAsync(engine, name, "Remove the trigger", d => d.RemoveTriggerAsync(name, cancellationToken));
}
