using System.Management.Automation;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Gives a feed another name; its table and what it has loaded stay.</summary>
[Cmdlet(VerbsCommon.Rename, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3Feed))]
public sealed class RenameS3FeedCommand : NewFeedNameCmdlet
{
    [Parameter(HelpMessage = "Write the feed as it is now.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        await engine.Definitions.DryRun.RenameFeedAsync(Name, NewName, cancellationToken);
        if (!await ShouldAsync(Name, $"Rename the feed to {NewName}"))
            return;
        var feed = await engine.Definitions.RenameFeedAsync(Name, NewName, cancellationToken);
        if (PassThru)
            await EmitAsync(feed, StorePath);
    });
}
