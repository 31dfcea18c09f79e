using System.Management.Automation;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Enables or disables triggers.</summary>
public abstract class TriggerSwitchCmdlet : TriggerNameCmdlet
{
    private readonly bool _enabled;

    private protected TriggerSwitchCmdlet(bool enabled) => _enabled = enabled;

    [Parameter(HelpMessage = "Return the changed trigger.")]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.DryRun.EditTriggerAsync(name, t => t with { Enabled = _enabled }, cancellationToken);
        if (!await ShouldAsync(name, _enabled ? "Enable the trigger" : "Disable the trigger"))
            return;
        var trigger = await engine.Definitions.EditTriggerAsync(name, t => t with { Enabled = _enabled }, cancellationToken);
        if (PassThru)
            await EmitAsync(S3FeedTriggerInfo.Made(new(trigger, DateTimeOffset.UtcNow)), StorePath);
    }
}
