using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Changes the given settings of destinations. Loaded rows stay where they are.</summary>
[Cmdlet(VerbsCommon.Set, "S3FeedDestination", SupportsShouldProcess = true, DefaultParameterSetName = PostgreSqlSet)]
[OutputType(typeof(PostgreSqlDestination), ParameterSetName = [PostgreSqlSet])]
[OutputType(typeof(SqliteDestination), ParameterSetName = [SqliteSet])]
public sealed class SetS3FeedDestinationCommand : DestinationSettingsCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The destination's name.")]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The server's name or address, or the folder of a Unix socket.")]
    [Alias("Host")]
    [ValidateNotNullOrEmpty]
    public override string? HostName { get; set; }

    [Parameter(ParameterSetName = PostgreSqlSet, HelpMessage = "The database on that server.")]
    [ValidateNotNullOrEmpty]
    public override string? Database { get; set; }

    [Parameter(
        ParameterSetName = SqliteSet, Mandatory = true,
        HelpMessage = "The database file, relative to the current location; it is created if it is missing.")]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

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

    private async Task<S3FeedDestination> EditAsync(DefinitionEditor definitions, string name, CancellationToken cancellationToken)
        => ParameterSetName == SqliteSet
        ? await definitions.EditDestinationAsync<SqliteDestination>(name, Apply, cancellationToken)
        : await definitions.EditDestinationAsync<PostgreSqlDestination>(name, Apply, cancellationToken);
}
