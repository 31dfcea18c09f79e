using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Removes connections that no feed and no destination uses. The bucket does not change.</summary>
[Cmdlet(VerbsCommon.Remove, "S3Connection", SupportsShouldProcess = true)]
public sealed class RemoveS3ConnectionCommand : ConnectionNameCmdlet
{
    /// <inheritdoc/>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The connection's name.")]
    [PipedName(Noun.Connection, Only = true)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];

    private protected override Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
        => ChangeAsync(engine, name, "Remove the connection", d => d.RemoveConnectionAsync(name, cancellationToken));
}
