using System.Management.Automation;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Lets triggers fire, or keeps them from firing.</summary>
public abstract class TriggerSwitchCmdlet : TriggerNameCmdlet
{
    private readonly bool _enabled;

    private protected TriggerSwitchCmdlet(bool enabled) => _enabled = enabled;

    [Parameter(HelpMessage = "Write the trigger as it is now.")]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.DryRun.EditTriggerAsync(name, t => t with { Enabled = _enabled }, cancellationToken);
        if (!await ShouldAsync(name, _enabled ? "Let the trigger fire" : "Keep the trigger from firing"))
            return;
        var trigger = await engine.Definitions.EditTriggerAsync(name, t => t with { Enabled = _enabled }, cancellationToken);
        if (PassThru)
            await EmitAsync(S3FeedTriggerInfo.Made(new(trigger, DateTimeOffset.UtcNow)), StorePath);
    }
}
