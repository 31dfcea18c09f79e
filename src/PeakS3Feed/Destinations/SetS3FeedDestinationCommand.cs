using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Changes the given settings of destinations. Loaded rows stay where they are.</summary>
[Cmdlet(VerbsCommon.Set, "S3FeedDestination", SupportsShouldProcess = true, DefaultParameterSetName = PostgreSqlSet)]
[OutputType(typeof(PostgreSqlDestination), typeof(RedshiftDestination), ParameterSetName = [PostgreSqlSet])]
[OutputType(typeof(RedshiftDestination), ParameterSetName = [RedshiftSet])]
[OutputType(typeof(SqliteDestination), ParameterSetName = [SqliteSet])]
public sealed class SetS3FeedDestinationCommand : DestinationSettingsCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The destination's name.")]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The server's name or address, or the folder of a Unix socket.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The host name of the cluster or workgroup; $null for the Redshift Data API.")]
    [Alias("Host")]
    [AllowNull]
    public override string? HostName { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The database on that server.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The database of the warehouse.")]
    [ValidateNotNullOrEmpty]
    public override string? Database { get; set; }

    [Parameter(
        ParameterSetName = SqliteSet, Mandatory = true,
        HelpMessage = "The database file, relative to the current location; it is created if it is missing.")]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The connection whose bucket takes the staged files; it must be allowed to write and delete there.")]
    [ConnectionNameTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? StagingConnection { get; set; }

    [Parameter(HelpMessage = "Return the changed destination.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        ResolvePaths();
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                if (await ChangeAsync(engine, name, "Change the destination", d => EditAsync(d, name, cancellationToken)) is { } changed && PassThru)
                    await EmitAsync(changed, StorePath);
            });
        }
    }

    // Settings that PostgreSQL and Redshift share are in the parameter sets of both. PowerShell then chooses that of PostgreSQL.
    private async Task<S3FeedDestination> EditAsync(DefinitionEditor definitions, string name, CancellationToken cancellationToken)
        => ParameterSetName switch
        {
            SqliteSet => await definitions.EditDestinationAsync<SqliteDestination>(name, Apply, cancellationToken),
            RedshiftSet => await definitions.EditDestinationAsync<RedshiftDestination>(name, Apply, cancellationToken),
            _ when await definitions.FindDestinationAsync(name, cancellationToken) is RedshiftDestination
                => await definitions.EditDestinationAsync<RedshiftDestination>(name, Apply, cancellationToken),
            _ => await definitions.EditDestinationAsync<PostgreSqlDestination>(name, Apply, cancellationToken),
        };
}
