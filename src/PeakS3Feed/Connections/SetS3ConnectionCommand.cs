using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Changes the given settings of connections. A connection keeps its name.</summary>
[Cmdlet(VerbsCommon.Set, "S3Connection", SupportsShouldProcess = true)]
[OutputType(typeof(S3Connection))]
public sealed class SetS3ConnectionCommand : ConnectionSettingsCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The connection's name.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(HelpMessage = "The bucket's name.")]
    [ValidateNotNullOrEmpty]
    public string? BucketName { get; set; }

    [Parameter(HelpMessage = "Return the changed connection.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                var change = await EditAsync(
                    engine, name, "Change the connection", async () => await engine.Definitions.FindConnectionAsync(name, cancellationToken),
                    d => d.EditConnectionAsync(name, Changed, cancellationToken), c => c.Connection);
                if (change is null)
                    return;
                WarnOfRegion(change.Connection);
                if (change.OutdatesPolicy)
                    WarnOfPolicy(name);
                if (PassThru)
                    await EmitAsync(change.Connection, StorePath);
            });
        }
    }

    private S3Connection Changed(S3Connection connection) => Apply(BucketName is null ? connection : connection with { BucketName = BucketName });
}
