using System.Management.Automation;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Tests the access of connections, step by step. A connection is Verified once all its steps pass.</summary>
[Cmdlet(VerbsDiagnostic.Test, "S3Connection")]
[OutputType(typeof(S3FeedCheck), typeof(bool))]
public sealed class TestS3ConnectionCommand : ConnectionNameCmdlet
{
    [Parameter(HelpMessage = "Base credentials for this call only: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter(HelpMessage = "Return only whether all steps passed.")]
    public SwitchParameter Quiet { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var passed = true;
        await foreach (var check in engine.TestConnectionAsync(name, Credential.ToAccessKey(), cancellationToken))
        {
            passed &= check.Outcome != CheckOutcome.Failed;
            if (!Quiet)
                await EmitAsync(S3FeedCheck.From(name, check));
        }
        if (Quiet)
            await EmitAsync(passed);
    }
}
