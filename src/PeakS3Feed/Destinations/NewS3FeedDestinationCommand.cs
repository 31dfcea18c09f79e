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

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Creates a destination: a database, or a folder on S3, that feeds load tables into.</summary>
[Cmdlet(VerbsCommon.New, "S3FeedDestination", SupportsShouldProcess = true)]
[OutputType(typeof(PostgreSqlDestination), ParameterSetName = [PostgreSqlSet])]
[OutputType(typeof(RedshiftDestination), ParameterSetName = [RedshiftSet])]
[OutputType(typeof(S3ExternalDestination), ParameterSetName = [S3ExternalSet])]
[OutputType(typeof(SnowflakeDestination), ParameterSetName = [SnowflakeSet])]
[OutputType(typeof(SqliteDestination), ParameterSetName = [SqliteSet])]
public sealed class NewS3FeedDestinationCommand : DestinationSettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The destination's name: letters, digits and underscores.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = PostgreSqlSet, HelpMessage = "A PostgreSQL database, version 12 or later.")]
    public SwitchParameter PostgreSql { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = RedshiftSet,
        HelpMessage = "An Amazon Redshift warehouse: with -HostName over a connection to the database, otherwise through the Redshift Data API.")]
    public SwitchParameter Redshift { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = S3ExternalSet,
        HelpMessage = "Tables on S3: Parquet files under a Delta Lake log, which engines read in place.")]
    public SwitchParameter S3External { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SnowflakeSet, HelpMessage = "A Snowflake database, reached through Snowflake's SQL API.")]
    public SwitchParameter Snowflake { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SqliteSet, HelpMessage = "A SQLite database file.")]
    public SwitchParameter Sqlite { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = PostgreSqlSet, HelpMessage = "The server's name or address, or the folder of a Unix socket.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The host name of the cluster or workgroup; leave it out for the Redshift Data API.")]
    [Alias("Host")]
    [ValidateNotNullOrEmpty]
    public override string? HostName { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = PostgreSqlSet, HelpMessage = "The database on that server.")]
    [Parameter(Mandatory = true, ParameterSetName = RedshiftSet, HelpMessage = "The database of the warehouse.")]
    [Parameter(
        Mandatory = true, ParameterSetName = SnowflakeSet,
        HelpMessage = "The database. Names are folded to upper case, unless they are written in double quotes.")]
    [ValidateNotNullOrEmpty]
    public override string? Database { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = SqliteSet,
        HelpMessage = "The database file, relative to the current location; it is created if it is missing.")]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = S3ExternalSet,
        HelpMessage = "The connection whose bucket has the tables; it must be allowed to write and delete there.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionName { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = RedshiftSet,
        HelpMessage = "The connection whose bucket takes the staged files; it must be allowed to write and delete there.")]
    [Parameter(
        Mandatory = true, ParameterSetName = SnowflakeSet,
        HelpMessage = "The connection whose bucket takes the staged files; it must be allowed to write and delete there.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? StagingConnection { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = SnowflakeSet,
        HelpMessage = "The account as Snowflake shows it: myorg-account, xy12345.eu-central-1, a host name or an address of Snowsight.")]
    [ValidateNotNullOrEmpty]
    public override string? Account { get; set; }

    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "Another address of Redshift's services (https://...), for example a VPC endpoint.")]
    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "Another address of the SQL API (https://...), for example PrivateLink or a proxy; by default it follows from the account.")]
    [AllowNull]
    public override string? EndpointUrl { get; set; }

    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The folder for staged files below the connection's root path, ending in a slash; peaks3feed-staging/ by default.")]
    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The folder for staged files below the connection's root path, ending in a slash; peaks3feed-staging/ by default.")]
    [AllowEmptyString]
    public override string? StagingPrefix { get; set; }

    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The compressed size at which a staged file ends, in MiB; 64 by default.")]
    [Parameter(ParameterSetName = SnowflakeSet, HelpMessage = "The compressed size at which a staged file ends, in MiB; 128 by default.")]
    [ValidateRange(1, RedshiftDestination.MaxPartSizeMiB)]
    public override int PartSizeMiB { get; set; }

    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "How rows reach the warehouse: Auto, Staged, or Direct, where it loads the objects of a feed itself.")]
    [Parameter(ParameterSetName = SnowflakeSet, HelpMessage = "How rows reach the warehouse: Auto, Staged, or Direct, where it loads the objects of a feed itself.")]
    public override LoadPath LoadPath { get; set; }

    private protected override bool CreatesStore => true;

    protected override void ProcessRecord()
    {
        ResolvePaths();
        RunFor(Name, async (engine, cancellationToken) =>
        {
            S3FeedDestination destination = ParameterSetName switch
            {
                SqliteSet => Apply(new SqliteDestination { Name = Name, Path = "" }),
                RedshiftSet => Apply(new RedshiftDestination { Name = Name, Database = "", StagingConnection = "" }),
                S3ExternalSet => Apply(new S3ExternalDestination { Name = Name, ConnectionName = "" }),
                SnowflakeSet => Apply(new SnowflakeDestination { Name = Name, Account = "", Database = "", StagingConnection = "" }),
                _ => Apply(new PostgreSqlDestination { Name = Name, Host = "", Database = "" }),
            };
            var action = $"Create {(destination is S3ExternalDestination ? "an" : "a")} {destination.Kind} destination";
            if (await ChangeAsync(engine, Name, action, d => d.AddAsync(destination, cancellationToken)) is { } created)
                await EmitAsync(created, StorePath);
        });
    }
}
