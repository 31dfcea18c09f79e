using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>The base of cmdlets with a feed and a new name.</summary>
public abstract class NewFeedNameCmdlet : FeedCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The feed's name.")]
    [PipedName(Noun.Feed, Only = true)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(
        Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The new name: letters, digits and underscores; or a script block that computes it for each feed of the pipeline.")]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";
}
