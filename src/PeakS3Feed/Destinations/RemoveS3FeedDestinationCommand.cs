using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Removes destinations that no feed uses. The database and its contents stay.</summary>
[Cmdlet(VerbsCommon.Remove, "S3FeedDestination", SupportsShouldProcess = true)]
public sealed class RemoveS3FeedDestinationCommand : DestinationNameCmdlet
{
    private protected override Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => ChangeAsync(engine, name, "Remove the destination", d => d.RemoveDestinationAsync(name, cancellationToken));
}
