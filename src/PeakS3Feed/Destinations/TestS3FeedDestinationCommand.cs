using System.Management.Automation;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Connects to destinations and tests what a load needs, step by step. Leaves nothing behind.</summary>
[Cmdlet(VerbsDiagnostic.Test, "S3FeedDestination")]
[OutputType(typeof(S3FeedCheck), typeof(bool))]
public sealed class TestS3FeedDestinationCommand : DestinationNameCmdlet
{
    [Parameter(HelpMessage = "Return only whether all steps passed.")]
    public SwitchParameter Quiet { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var passed = true;
        await foreach (var check in engine.TestDestinationAsync(name, cancellationToken))
        {
            passed &= check.Passed;
            if (!Quiet)
                await EmitAsync(S3FeedCheck.From(
                    name, StorePath is { } store ? check with { Remedies = [.. check.Remedies.Select(r => r.OnStore(store))] } : check));
        }
        if (Quiet)
            await EmitAsync(passed);
    }
}
