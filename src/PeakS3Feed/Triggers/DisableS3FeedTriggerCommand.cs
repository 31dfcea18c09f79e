using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Disables triggers: they do not fire.</summary>
[Cmdlet(VerbsLifecycle.Disable, "S3FeedTrigger", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class DisableS3FeedTriggerCommand() : TriggerSwitchCmdlet(enabled: false);
