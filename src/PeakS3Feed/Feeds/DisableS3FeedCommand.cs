using System.Management.Automation;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Disables feeds: they do not run, neither by command nor by trigger.</summary>
[Cmdlet(VerbsLifecycle.Disable, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3Feed))]
public sealed class DisableS3FeedCommand() : FeedSwitchCmdlet(enabled: false);
