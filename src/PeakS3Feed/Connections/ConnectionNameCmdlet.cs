using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>The base of cmdlets that process each named connection.</summary>
public abstract class ConnectionNameCmdlet : FeedCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The connection's name.")]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];
}
