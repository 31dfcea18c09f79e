using System.Management.Automation;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Creates a connection: a bucket, its region, a root path and the credentials that read it.</summary>
[Cmdlet(VerbsCommon.New, "S3Connection", SupportsShouldProcess = true)]
[OutputType(typeof(S3Connection))]
public sealed class NewS3ConnectionCommand : ConnectionSettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The connection's name: letters, digits and underscores.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The bucket's name.")]
    [ValidateNotNullOrEmpty]
    public string BucketName { get; set; } = "";

    private protected override bool CreatesStore => true;

    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        var connection = Apply(new S3Connection { Name = Name, BucketName = BucketName });
        var action = $"Create a connection to the bucket {BucketName}";
        if (await ChangeAsync(engine, Name, action, d => d.AddAsync(connection, cancellationToken)) is { } created)
        {
            WarnOfRegion(created);
            await EmitAsync(created, StorePath);
        }
    });
}
