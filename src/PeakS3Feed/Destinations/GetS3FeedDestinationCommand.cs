using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Gets destinations, including <c>local</c>.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedDestination")]
[OutputType(
    typeof(PostgreSqlDestination), typeof(RedshiftDestination), typeof(S3ExternalDestination), typeof(SnowflakeDestination),
    typeof(SqliteDestination))]
public sealed class GetS3FeedDestinationCommand : FeedCmdlet
{
    [Parameter(
        Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Names or patterns with * and ?; by default all destinations.")]
    [PipedName(Noun.Destination)]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
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
                foreach (var destination in NamePattern.Find(
                    name, [StoreDefinitions.Local, .. definitions.Destinations], d => d.Name, definitions.GetDestination))
                    await EmitAsync(destination, StorePath);
            });
        }
    }
}
