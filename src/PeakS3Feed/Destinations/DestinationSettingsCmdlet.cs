using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>The settings of a destination, for the cmdlets that create and change one. Each kind has a parameter set.</summary>
public abstract partial class DestinationSettingsCmdlet : FeedCmdlet
{
    /// <summary>The parameter set of a PostgreSQL database.</summary>
    protected const string PostgreSqlSet = "PostgreSql";

    /// <summary>The parameter set of an Amazon Redshift warehouse.</summary>
    protected const string RedshiftSet = "Redshift";

    /// <summary>The parameter set of tables on S3.</summary>
    protected const string S3ExternalSet = "S3External";

    /// <summary>The parameter set of a Snowflake database.</summary>
    protected const string SnowflakeSet = "Snowflake";

    /// <summary>The parameter set of a SQLite file.</summary>
    protected const string SqliteSet = "Sqlite";

    // These have other attributes where a destination is created than where one is changed.
    public abstract string? HostName { get; set; }

    public abstract string? Database { get; set; }

    public abstract string? Path { get; set; }

    public abstract string? Account { get; set; }

    public abstract string? EndpointUrl { get; set; }

    public abstract string? ConnectionName { get; set; }

    public abstract string? StagingConnection { get; set; }

    public abstract string? StagingPrefix { get; set; }

    public abstract int PartSizeMiB { get; set; }

    public abstract LoadPath LoadPath { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The TCP port; 5432 by default.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The TCP port; 5439 by default.")]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The login role; by default PGUSER or the system's user.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The database user, for a login with a password.")]
    [Parameter(ParameterSetName = SnowflakeSet, HelpMessage = "The user of a login with a key pair; a token names its user.")]
    [AllowNull]
    public string? Username { get; set; }

    [Parameter(
        ParameterSetName = PostgreSqlSet,
        HelpMessage = "A reference to the password, never the password itself: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "A reference to the password, never the password itself: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [AllowNull]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? Password { get; set; }

    [Parameter(
        ParameterSetName = PostgreSqlSet,
        HelpMessage = "How TLS secures the connection: Disable, Prefer, Require, VerifyCA or VerifyFull (default).")]
    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "How TLS secures the connection: Disable, Prefer, Require, VerifyCA or VerifyFull (default).")]
    [ArgumentCompleter(typeof(SslModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SslMode { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "A PEM file of the certificate authorities to trust; by default the system's.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "A PEM file of the certificate authorities to trust; by default the system's.")]
    [AllowNull]
    public string? RootCertificate { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The schema in which tables are created; public by default.")]
    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The schema in which tables are created; public by default.")]
    [Parameter(ParameterSetName = SnowflakeSet, HelpMessage = "The schema in which tables are created; PUBLIC by default.")]
    [ValidateNotNullOrEmpty]
    public string? Schema { get; set; }

    /// <summary>
    /// Resolves a path from the session's location, which is what a person at a prompt means. The stored path is the same wherever a run is
    /// started. Call it on the pipeline's thread only.
    /// </summary>
    private protected void ResolvePaths()
    {
        Path = Resolve(Path);
        RootCertificate = Resolve(RootCertificate);
    }

    private protected PostgreSqlDestination Apply(PostgreSqlDestination server)
    {
        if (Given(nameof(HostName))) server = server with { Host = HostName ?? "" };
        if (Given(nameof(Port))) server = server with { Port = Port };
        if (Given(nameof(Database))) server = server with { Database = Database! };
        if (Given(nameof(Username))) server = server with { Username = OrNull(Username) };
        if (Given(nameof(Password))) server = server with { Password = OrNull(Password) };
        if (Given(nameof(SslMode))) server = server with { SslMode = SslMode! };
        if (Given(nameof(RootCertificate))) server = server with { RootCertificate = OrNull(RootCertificate) };
        return Given(nameof(Schema)) ? server with { Schema = Schema! } : server;
    }

    private protected SqliteDestination Apply(SqliteDestination file) => Given(nameof(Path)) ? file with { Path = Path! } : file;

    // A text that is not a file's path (:memory:, file:…) stays as it is; the core rejects it.
    private string? Resolve(string? path)
        => string.IsNullOrEmpty(path) || path.StartsWith(':') || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? path
            : GetUnresolvedProviderPathFromPSPath(path);

    // $null arrives as an empty string.
}
