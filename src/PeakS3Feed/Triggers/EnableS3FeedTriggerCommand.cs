using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Enables disabled triggers. Fires that were due while a trigger was disabled do not count as missed.</summary>
[Cmdlet(VerbsLifecycle.Enable, "S3FeedTrigger", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class EnableS3FeedTriggerCommand() : TriggerSwitchCmdlet(enabled: true);
