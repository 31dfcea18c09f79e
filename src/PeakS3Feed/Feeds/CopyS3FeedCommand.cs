using System.Management.Automation;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Copies a feed under a new name. The copy has its own table and has loaded nothing.</summary>
[Cmdlet(VerbsCommon.Copy, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3Feed))]
public sealed class CopyS3FeedCommand : NewFeedNameCmdlet
{
    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        await engine.Definitions.DryRun.CopyFeedAsync(Name, NewName, edit: null, cancellationToken);
        if (await ShouldAsync(Name, $"Copy the feed as {NewName}"))
            await EmitAsync(await engine.Definitions.CopyFeedAsync(Name, NewName, edit: null, cancellationToken), StorePath);
    });
}
