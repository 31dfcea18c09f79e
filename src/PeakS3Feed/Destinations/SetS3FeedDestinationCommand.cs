using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Changes the given settings of destinations. Loaded rows stay where they are.</summary>
[Cmdlet(VerbsCommon.Set, "S3FeedDestination", SupportsShouldProcess = true, DefaultParameterSetName = PostgreSqlSet)]
[OutputType(typeof(PostgreSqlDestination), typeof(RedshiftDestination), typeof(SnowflakeDestination), ParameterSetName = [PostgreSqlSet])]
[OutputType(typeof(RedshiftDestination), typeof(SnowflakeDestination), ParameterSetName = [RedshiftSet])]
[OutputType(typeof(S3ExternalDestination), ParameterSetName = [S3ExternalSet])]
[OutputType(typeof(SnowflakeDestination), ParameterSetName = [SnowflakeSet])]
[OutputType(typeof(SqliteDestination), ParameterSetName = [SqliteSet])]
public sealed class SetS3FeedDestinationCommand : DestinationSettingsCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The destination's name.")]
    [PipedName(Noun.Destination)]
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
    [Parameter(
        ParameterSetName = SnowflakeSet, HelpMessage = "The database. Names are folded to upper case, unless they are written in double quotes.")]
    [ValidateNotNullOrEmpty]
    public override string? Database { get; set; }

    [Parameter(
        ParameterSetName = SqliteSet, Mandatory = true,
        HelpMessage = "The database file, relative to the current location; it is created if it is missing.")]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    // The default parameter set also has the settings that only Redshift and Snowflake share, because PowerShell could not choose between those two.
    [Parameter(
        ParameterSetName = PostgreSqlSet,
        HelpMessage = "Another address of Redshift's services or of Snowflake's SQL API (https://...); $null for the public one.")]
    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "Another address of Redshift's services or of Snowflake's SQL API (https://...); $null for the public one.")]
    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "Another address of Redshift's services or of Snowflake's SQL API (https://...); $null for the public one.")]
    [AllowNull]
    public override string? EndpointUrl { get; set; }

    [Parameter(
        ParameterSetName = S3ExternalSet,
        HelpMessage = "The connection whose bucket has the tables; it must be allowed to write and delete there.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionName { get; set; }

    [Parameter(
        ParameterSetName = PostgreSqlSet,
        HelpMessage = "The connection whose bucket takes the staged files; it must be allowed to write and delete there.")]
    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The connection whose bucket takes the staged files; it must be allowed to write and delete there.")]
    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The connection whose bucket takes the staged files; it must be allowed to write and delete there.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? StagingConnection { get; set; }

    [Parameter(
        ParameterSetName = PostgreSqlSet,
        HelpMessage = "The folder for staged files below the connection's root path, ending in a slash.")]
    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The folder for staged files below the connection's root path, ending in a slash.")]
    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The folder for staged files below the connection's root path, ending in a slash.")]
    [AllowEmptyString]
    public override string? StagingPrefix { get; set; }

    [Parameter(
        ParameterSetName = PostgreSqlSet,
        HelpMessage = "The compressed size at which a staged file ends, in MiB.")]
    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The compressed size at which a staged file ends, in MiB.")]
    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The compressed size at which a staged file ends, in MiB.")]
    [ValidateRange(1, RedshiftDestination.MaxPartSizeMiB)]
    public override int PartSizeMiB { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "How rows reach the warehouse: Auto, Staged, or Direct, where it loads the objects of a feed itself.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "How rows reach the warehouse: Auto, Staged, or Direct, where it loads the objects of a feed itself.")]
    [Parameter(ParameterSetName = SnowflakeSet, HelpMessage = "How rows reach the warehouse: Auto, Staged, or Direct, where it loads the objects of a feed itself.")]
    public override LoadPath LoadPath { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The account as Snowflake shows it: myorg-account, xy12345.eu-central-1, a host name or an address of Snowsight.")]
    [ValidateNotNullOrEmpty]
    public override string? Account { get; set; }

    [Parameter(HelpMessage = "Return the changed destination.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        ResolvePaths();
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                var changed = await EditAsync(
                    engine, name, "Change the destination", async () => await engine.Definitions.FindDestinationAsync(name, cancellationToken),
                    d => EditAsync(d, name, cancellationToken), d => d);
                if (changed is not null && PassThru)
                    await EmitAsync(changed, StorePath);
            });
        }
    }

    // Settings that several kinds share are in several parameter sets, of which PowerShell chooses the default one. Then the destination decides.
    private async Task<S3FeedDestination> EditAsync(DefinitionEditor definitions, string name, CancellationToken cancellationToken)
        => ParameterSetName switch
        {
            SqliteSet => await definitions.EditDestinationAsync<SqliteDestination>(name, Apply, cancellationToken),
            RedshiftSet => await definitions.EditDestinationAsync<RedshiftDestination>(name, Apply, cancellationToken),
            S3ExternalSet => await definitions.EditDestinationAsync<S3ExternalDestination>(name, Apply, cancellationToken),
            SnowflakeSet => await definitions.EditDestinationAsync<SnowflakeDestination>(name, Apply, cancellationToken),
            _ => await definitions.FindDestinationAsync(name, cancellationToken) switch
            {
                SnowflakeDestination when !HasServerSetting
                    => await definitions.EditDestinationAsync<SnowflakeDestination>(name, Apply, cancellationToken),
                var found when found is RedshiftDestination || HasStagingSetting
                    => await definitions.EditDestinationAsync<RedshiftDestination>(name, Apply, cancellationToken),
                _ => await definitions.EditDestinationAsync<PostgreSqlDestination>(name, Apply, cancellationToken),
            },
        };

    // Of a server, which Snowflake is not.
    private bool HasServerSetting
        => Given(nameof(HostName)) || Given(nameof(Port)) || Given(nameof(Password)) || Given(nameof(SslMode)) || Given(nameof(RootCertificate));

    // Of a warehouse, which PostgreSQL is not.
    private bool HasStagingSetting
        => Given(nameof(EndpointUrl)) || Given(nameof(StagingConnection)) || Given(nameof(StagingPrefix)) || Given(nameof(PartSizeMiB))
            || Given(nameof(LoadPath));
}
