using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>The settings of a destination, for the cmdlets that make and change one: a parameter set for each kind.</summary>
public abstract class DestinationSettingsCmdlet : FeedCmdlet
{
    /// <summary>The parameter set of a PostgreSQL database.</summary>
    protected const string PostgreSqlSet = "PostgreSql";

    /// <summary>The parameter set of a SQLite file.</summary>
    protected const string SqliteSet = "Sqlite";

    // Those that a new destination must have get their attributes there and where one is changed.
    public abstract string? HostName { get; set; }

    public abstract string? Database { get; set; }

    public abstract string? Path { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The TCP port; 5432 by default.")]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The login role; by default PGUSER or the system's user.")]
    [AllowNull]
    public string? Username { get; set; }

    [Parameter(
        ParameterSetName = PostgreSqlSet, HelpMessage = "Where the password is kept, never the password itself: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [AllowNull]
    public string? Password { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "Disable, Prefer, Require, VerifyCA, or VerifyFull as by default.")]
    [ArgumentCompleter(typeof(SslModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SslMode { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "A PEM file of the authorities to trust; by default the system's.")]
    [AllowNull]
    public string? RootCertificate { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The schema that tables are made in; public by default.")]
    [ValidateNotNullOrEmpty]
    public string? Schema { get; set; }

    /// <summary>
    /// Paths begin at the session's location: that is what a person at a prompt means, and what is stored is the same wherever a run is
    /// started. On the pipeline's thread only.
    /// </summary>
    private protected void ResolvePaths()
    {
        Path = Resolve(Path);
        RootCertificate = Resolve(RootCertificate);
    }

    private protected PostgreSqlDestination Apply(PostgreSqlDestination server)
    {
        if (Given(nameof(HostName))) server = server with { Host = HostName! };
        if (Given(nameof(Port))) server = server with { Port = Port };
        if (Given(nameof(Database))) server = server with { Database = Database! };
        if (Given(nameof(Username))) server = server with { Username = OrNull(Username) };
        if (Given(nameof(Password))) server = server with { Password = OrNull(Password) };
        if (Given(nameof(SslMode))) server = server with { SslMode = SslMode! };
        if (Given(nameof(RootCertificate))) server = server with { RootCertificate = OrNull(RootCertificate) };
        return Given(nameof(Schema)) ? server with { Schema = Schema! } : server;
    }

    private protected SqliteDestination Apply(SqliteDestination file) => Given(nameof(Path)) ? file with { Path = Path! } : file;

    // What is no path of a file (:memory:, file:…) stays as it is, for the core to say so.
    private string? Resolve(string? path)
        => string.IsNullOrEmpty(path) || path.StartsWith(':') || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? path
            : GetUnresolvedProviderPathFromPSPath(path);

    // $null arrives as an empty string.
    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
