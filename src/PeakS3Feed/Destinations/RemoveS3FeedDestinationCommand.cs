using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Removes destinations that no feed uses. The database and its contents stay.</summary>
[Cmdlet(VerbsCommon.Remove, "S3FeedDestination", SupportsShouldProcess = true)]
public sealed class RemoveS3FeedDestinationCommand : DestinationNameCmdlet
{
    /// <inheritdoc/>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The destination's name.")]
    [PipedName(Noun.Destination, Only = true)]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];

    private protected override Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => ChangeAsync(engine, name, "Remove the destination", d => d.RemoveDestinationAsync(name, cancellationToken));
}
