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
        HelpMessage = "Names or patterns with * and ?; all connections when left out.")]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord() => RunFor(null, async (engine, cancellationToken) =>
    {
        foreach (var name in Name)
        {
            await TryAsync(
                name,
                async () =>
                {
                    foreach (var connection in await FindAsync(engine, name, cancellationToken))
                        await EmitAsync(connection, StorePath);
                },
                cancellationToken);
        }
    });

    private static async Task<IEnumerable<S3Connection>> FindAsync(Engine.FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return [await engine.Definitions.FindConnectionAsync(name, cancellationToken)];
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return (await engine.Store.ReadAsync(cancellationToken)).Connections.Where(c => pattern.IsMatch(c.Name));
    }
}
