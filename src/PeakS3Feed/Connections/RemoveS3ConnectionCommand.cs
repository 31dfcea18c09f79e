using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Removes connections that no feed uses. The bucket does not change.</summary>
[Cmdlet(VerbsCommon.Remove, "S3Connection", SupportsShouldProcess = true)]
public sealed class RemoveS3ConnectionCommand : ConnectionNameCmdlet
{
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                await engine.Definitions.DryRun.RemoveConnectionAsync(name, cancellationToken);
                if (await ShouldAsync(name, "Remove the connection"))
                    await engine.Definitions.RemoveConnectionAsync(name, cancellationToken);
            });
        }
    }
}
