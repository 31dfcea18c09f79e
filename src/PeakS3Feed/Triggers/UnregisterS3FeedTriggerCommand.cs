using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Removes triggers. Their fires stay in the history.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "S3FeedTrigger", SupportsShouldProcess = true)]
public sealed class UnregisterS3FeedTriggerCommand : TriggerNameCmdlet
{
    private protected override Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => ChangeAsync(engine, name, "Remove the trigger", d => d.RemoveTriggerAsync(name, cancellationToken));
}
