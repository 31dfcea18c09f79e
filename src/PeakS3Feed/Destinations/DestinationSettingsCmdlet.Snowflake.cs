using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Destinations.Snowflake;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <content>The settings of a Snowflake database.</content>
public abstract partial class DestinationSettingsCmdlet
{
    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "A reference to the private key of a key pair, never the key itself: file:/PATH, env:NAME or vault:VAULT/NAME.")]
    [AllowNull]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? PrivateKey { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "A reference to the passphrase of an encrypted private key: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [AllowNull]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? PrivateKeyPassphrase { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet, HelpMessage = "A reference to an OAuth access token: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [AllowNull]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? OAuthToken { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet, HelpMessage = "A reference to a programmatic access token: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [AllowNull]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? AccessToken { get; set; }

    [Parameter(ParameterSetName = SnowflakeSet, HelpMessage = "The role of the session; by default the user's default role.")]
    [AllowNull]
    public string? Role { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet, HelpMessage = "The virtual warehouse that runs the statements; by default the user's default warehouse.")]
    [AllowNull]
    public string? Warehouse { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The external stage at the folder for staged files: a name, schema.name or database.schema.name; PEAKS3FEED_STAGE by default.")]
    [ValidateNotNullOrEmpty]
    public string? Stage { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The external stage at the objects of feeds, through which Snowflake loads them itself (LoadPath); by default all rows are staged.")]
    [AllowNull]
    public string? SourceStage { get; set; }

    [Parameter(
        ParameterSetName = SnowflakeSet,
        HelpMessage = "The ARN of the IAM role with which Snowflake's storage integration reads staged files, for its set-up and policy.")]
    [AllowNull]
    public string? IntegrationRole { get; set; }

    private protected SnowflakeDestination Apply(SnowflakeDestination database)
    {
        database = ApplyLogin(database);
        if (Given(nameof(Account))) database = database with { Account = Account! };
        if (Given(nameof(EndpointUrl))) database = database with { EndpointUrl = OrNull(EndpointUrl) };
        if (Given(nameof(Role))) database = database with { Role = OrNull(Role) };
        if (Given(nameof(Warehouse))) database = database with { Warehouse = OrNull(Warehouse) };
        if (Given(nameof(Database))) database = database with { Database = Database! };
        if (Given(nameof(Schema))) database = database with { Schema = Schema! };
        if (Given(nameof(Stage))) database = database with { Stage = Stage! };
        if (Given(nameof(SourceStage))) database = database with { SourceStage = OrNull(SourceStage) };
        if (Given(nameof(LoadPath))) database = database with { LoadPath = LoadPath };
        if (Given(nameof(StagingConnection))) database = database with { StagingConnection = StagingConnection! };
        if (Given(nameof(StagingPrefix))) database = database with { StagingPrefix = StagingPrefix ?? "" };
        if (Given(nameof(PartSizeMiB))) database = database with { PartSizeMiB = PartSizeMiB };
        return Given(nameof(IntegrationRole)) ? database with { IntegrationRole = OrNull(IntegrationRole) } : database;
    }

    private SnowflakeDestination ApplyLogin(SnowflakeDestination database)
    {
        if (Given(nameof(Username))) database = database with { Username = OrNull(Username) };
        if (Given(nameof(PrivateKey))) database = database with { PrivateKey = OrNull(PrivateKey) };
        if (Given(nameof(PrivateKeyPassphrase))) database = database with { PrivateKeyPassphrase = OrNull(PrivateKeyPassphrase) };
        if (Given(nameof(OAuthToken))) database = database with { OAuthToken = OrNull(OAuthToken) };
        return Given(nameof(AccessToken)) ? database with { AccessToken = OrNull(AccessToken) } : database;
    }
}
