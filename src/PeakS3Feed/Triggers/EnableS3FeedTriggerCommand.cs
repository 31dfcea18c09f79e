using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Lets triggers fire that were disabled. What was due meanwhile was not missed.</summary>
[Cmdlet(VerbsLifecycle.Enable, "S3FeedTrigger", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class EnableS3FeedTriggerCommand() : TriggerSwitchCmdlet(enabled: true);
