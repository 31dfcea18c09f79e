using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Tests the way in, step by step; a connection whose steps all pass is Verified from then on.</summary>
[Cmdlet(VerbsDiagnostic.Test, "S3Connection")]
[OutputType(typeof(ConnectionCheck), typeof(bool))]
public sealed class TestS3ConnectionCommand : ConnectionNameCmdlet
{
    [Parameter(HelpMessage = "Base credentials for this call alone: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter(HelpMessage = "Write whether all steps passed, and nothing else.")]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                var passed = true;
                await foreach (var check in engine.TestConnectionAsync(name, Credential.ToAccessKey(), cancellationToken))
                {
                    passed &= check.Outcome != CheckOutcome.Failed;
                    if (!Quiet)
                        await EmitAsync(check);
                }
                if (Quiet)
                    await EmitAsync(passed);
            });
        }
    }
}
