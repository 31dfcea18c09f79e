using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Gets connections.</summary>
[Cmdlet(VerbsCommon.Get, "S3Connection")]
[OutputType(typeof(S3Connection))]
public sealed class GetS3ConnectionCommand : FeedCmdlet
{
    [Parameter(
        Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Names or patterns with * and ?; by default all connections.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                var definitions = await engine.Store.ReadAsync(cancellationToken);
                foreach (var connection in NamePattern.Find(name, definitions.Connections, c => c.Name, definitions.GetConnection))
                    await EmitAsync(connection, StorePath);
            });
        }
    }
}
