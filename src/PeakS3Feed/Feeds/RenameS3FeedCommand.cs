using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Renames a feed. It keeps its table, and its loaded objects stay loaded.</summary>
[Cmdlet(VerbsCommon.Rename, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedInfo))]
public sealed class RenameS3FeedCommand : NewFeedNameCmdlet
{
    [Parameter(HelpMessage = "Return the changed feed.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        var action = $"Rename the feed to {NewName}";
        if (await ChangeAsync(engine, Name, action, d => d.RenameFeedAsync(Name, NewName, cancellationToken)) is { } feed && PassThru)
            await EmitAsync(new S3FeedInfo(feed), StorePath);
    });
}
