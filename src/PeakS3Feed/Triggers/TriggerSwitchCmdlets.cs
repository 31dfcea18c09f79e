using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Enables disabled triggers. Fires that were due while a trigger was disabled do not count as missed.</summary>
[Cmdlet(VerbsLifecycle.Enable, "S3FeedTrigger", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class EnableS3FeedTriggerCommand() : TriggerSwitchCmdlet(enabled: true);

/// <summary>Disables triggers: they do not fire.</summary>
[Cmdlet(VerbsLifecycle.Disable, "S3FeedTrigger", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class DisableS3FeedTriggerCommand() : TriggerSwitchCmdlet(enabled: false);

/// <summary>Enables or disables triggers.</summary>
public abstract class TriggerSwitchCmdlet : TriggerNameCmdlet
{
    private readonly bool _enabled;

    private protected TriggerSwitchCmdlet(bool enabled) => _enabled = enabled;

    [Parameter(HelpMessage = "Return the changed trigger.")]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var action = _enabled ? "Enable the trigger" : "Disable the trigger";
        var trigger = await ChangeAsync(engine, name, action, d => d.EditTriggerAsync(name, t => t with { Enabled = _enabled }, cancellationToken));
        if (trigger is not null && PassThru)
            await EmitAsync(new S3FeedTriggerInfo(trigger, DateTimeOffset.UtcNow).WithDetailView(), StorePath);
    }
}
