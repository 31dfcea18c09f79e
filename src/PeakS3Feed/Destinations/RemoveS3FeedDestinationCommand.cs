using System.Management.Automation;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Removes destinations that no feed uses. The database and its contents stay.</summary>
[Cmdlet(VerbsCommon.Remove, "S3FeedDestination", SupportsShouldProcess = true)]
public sealed class RemoveS3FeedDestinationCommand : DestinationNameCmdlet
{
    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.DryRun.RemoveDestinationAsync(name, cancellationToken);
        if (await ShouldAsync(name, "Remove the destination"))
            await engine.Definitions.RemoveDestinationAsync(name, cancellationToken);
    }
}
