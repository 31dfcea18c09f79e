using System.Management.Automation;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Removes triggers. Their fires stay in the history.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "S3FeedTrigger", SupportsShouldProcess = true)]
public sealed class UnregisterS3FeedTriggerCommand : TriggerNameCmdlet
{
    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.DryRun.RemoveTriggerAsync(name, cancellationToken);
        if (await ShouldAsync(name, "Remove the trigger"))
            await engine.Definitions.RemoveTriggerAsync(name, cancellationToken);
    }
}
