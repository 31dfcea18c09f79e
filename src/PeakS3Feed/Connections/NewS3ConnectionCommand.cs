using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Creates a connection: a bucket, its region, a root path and the credentials that read it.</summary>
[Cmdlet(VerbsCommon.New, "S3Connection", SupportsShouldProcess = true, DefaultParameterSetName = BucketSet)]
[OutputType(typeof(S3Connection))]
public sealed class NewS3ConnectionCommand : ConnectionSettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The connection's name: letters, digits and underscores.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(ParameterSetName = BucketSet, Mandatory = true, Position = 1, HelpMessage = "The bucket's name.")]
    [Parameter(ParameterSetName = FolderSet, Position = 1, HelpMessage = "The name of the bucket that the folder stands in for; by default the folder's.")]
    [ValidateNotNullOrEmpty]
    public string BucketName { get; set; } = "";

    [Parameter(
        ParameterSetName = FolderSet, Mandatory = true,
        HelpMessage = "A local folder that stands in for a bucket; relative to the current location, or with ~ for your home.")]
    [FolderTransformation]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    [Parameter(ParameterSetName = BucketSet, HelpMessage = EndpointHelp)]
    [AllowNull]
    public override string? EndpointUrl { get; set; }

    private protected override bool CreatesStore => true;

    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        var connection = Apply(new S3Connection { Name = Name, BucketName = BucketName });
        var action = $"Create a connection to the bucket {BucketName}";
        if (Folder is not null)
        {
            connection = connection with
            {
                BucketName = BucketName.Length > 0 ? BucketName : FolderAddress.NameBucket(Folder), EndpointUrl = FolderAddress.ToEndpoint(Folder),
            };
            action = $"Create a connection to the folder {Folder}";
        }
        if (await ChangeAsync(engine, Name, action, d => d.AddAsync(connection, cancellationToken)) is { } created)
        {
            WarnOfRegion(created);
            WarnOfFolder(Folder);
            await EmitAsync(created, StorePath);
        }
    });
}
