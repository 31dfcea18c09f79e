using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Changes the given settings of connections. A connection keeps its name.</summary>
[Cmdlet(VerbsCommon.Set, "S3Connection", SupportsShouldProcess = true, DefaultParameterSetName = BucketSet)]
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

    [Parameter(
        ParameterSetName = FolderSet, Mandatory = true,
        HelpMessage = "Another local folder that stands in for the bucket; relative to the current location, or with ~ for your home.")]
    [FolderTransformation]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    [Parameter(ParameterSetName = BucketSet, HelpMessage = EndpointHelp)]
    [AllowNull]
    public override string? EndpointUrl { get; set; }

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
                WarnOfFolder(Folder);
                if (change.OutdatesPolicy)
                    WarnOfPolicy(name);
                if (PassThru)
                    await EmitAsync(change.Connection, StorePath);
            });
        }
    }

    private S3Connection Changed(S3Connection connection)
    {
        var changed = Apply(BucketName is null ? connection : connection with { BucketName = BucketName });
        return Folder is null ? changed : changed with { EndpointUrl = FolderAddress.ToEndpoint(Folder) };
    }
}
