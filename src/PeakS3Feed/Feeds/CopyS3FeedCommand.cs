using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Copies a feed under a new name. The copy has its own table and has loaded nothing.</summary>
[Cmdlet(VerbsCommon.Copy, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedInfo))]
public sealed class CopyS3FeedCommand : NewFeedNameCmdlet
{
    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        var action = $"Copy the feed as {NewName}";
        if (await ChangeAsync(engine, Name, action, d => d.CopyFeedAsync(Name, NewName, edit: null, cancellationToken)) is { } copy)
            await EmitAsync(new S3FeedInfo(copy), StorePath);
    });
}
