using System.Management.Automation;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Enables disabled feeds.</summary>
[Cmdlet(VerbsLifecycle.Enable, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3Feed))]
public sealed class EnableS3FeedCommand() : FeedSwitchCmdlet(enabled: true);
