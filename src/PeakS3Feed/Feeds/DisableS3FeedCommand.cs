using System.Management.Automation;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Keeps feeds from running, whoever starts them.</summary>
[Cmdlet(VerbsLifecycle.Disable, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3Feed))]
public sealed class DisableS3FeedCommand() : FeedSwitchCmdlet(enabled: false);
