using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;

namespace PeakS3Feed.Cmdlets.Store;

/// <summary>Gets the location of the store and the number of its definitions.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedStore")]
[OutputType(typeof(S3FeedStoreInfo))]
public sealed class GetS3FeedStoreCommand : FeedCmdlet
{
    protected override void ProcessRecord() => RunFor(StorePath, async (engine, cancellationToken) =>
    {
        var definitions = await engine.Store.ReadAsync(cancellationToken);
        await EmitAsync(new S3FeedStoreInfo
        {
            ConfigDirectory = engine.Paths.ConfigDirectory,
            StateDirectory = engine.Paths.StateDirectory,
            Connections = definitions.Connections.Count,
            Feeds = definitions.Feeds.Count,
            Destinations = definitions.Destinations.Count,
        });
    });
}
