using System.Management.Automation;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Creates a destination: a database that feeds load tables into.</summary>
[Cmdlet(VerbsCommon.New, "S3FeedDestination", SupportsShouldProcess = true)]
[OutputType(typeof(PostgreSqlDestination), ParameterSetName = [PostgreSqlSet])]
[OutputType(typeof(SqliteDestination), ParameterSetName = [SqliteSet])]
public sealed class NewS3FeedDestinationCommand : DestinationSettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The destination's name: letters, digits and underscores.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = PostgreSqlSet, HelpMessage = "A PostgreSQL database, version 12 or later.")]
    public SwitchParameter PostgreSql { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SqliteSet, HelpMessage = "A SQLite database file.")]
    public SwitchParameter Sqlite { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = PostgreSqlSet, HelpMessage = "The server's name or address, or the folder of a Unix socket.")]
    [Alias("Host")]
    [ValidateNotNullOrEmpty]
    public override string? HostName { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = PostgreSqlSet, HelpMessage = "The database on that server.")]
    [ValidateNotNullOrEmpty]
    public override string? Database { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = SqliteSet,
        HelpMessage = "The database file, relative to the current location; it is created if it is missing.")]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    private protected override bool CreatesStore => true;

    protected override void ProcessRecord()
    {
        ResolvePaths();
        RunFor(Name, async (engine, cancellationToken) =>
        {
            S3FeedDestination destination = ParameterSetName == SqliteSet
                ? Apply(new SqliteDestination { Name = Name, Path = "" })
                : Apply(new PostgreSqlDestination { Name = Name, Host = "", Database = "" });
            var action = $"Create a {destination.Kind} destination";
            if (await ChangeAsync(engine, Name, action, d => d.AddAsync(destination, cancellationToken)) is { } created)
                await EmitAsync(created, StorePath);
        });
    }
}
