using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <summary>Gets the steps that create what a destination needs outside of this program.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedSetup")]
[OutputType(typeof(S3FeedSetupStep), typeof(string))]
public sealed class GetS3FeedSetupCommand : NamedCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The destination's name.")]
    [PipedName(Noun.Destination)]
    [ArgumentCompleter(typeof(SetupNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];

    [Parameter(HelpMessage = "Return one text that a worksheet of the database can run; steps that run elsewhere are comments in it.")]
    public SetupForm As { get; set; }

    [Parameter(HelpMessage = "The value of STORAGE_AWS_IAM_USER_ARN, which DESC INTEGRATION shows.")]
    [ValidateNotNullOrEmpty]
    public string? IamUserArn { get; set; }

    [Parameter(HelpMessage = "The value of STORAGE_AWS_EXTERNAL_ID, which DESC INTEGRATION shows.")]
    [ValidateNotNullOrEmpty]
    public string? ExternalId { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var setup = await engine.SetupAsync(name, IamUserArn, ExternalId, cancellationToken);
        if (Given(nameof(As)))
        {
            await EmitAsync(setup.Render(As, Next));
            return;
        }
        foreach (var step in setup.Steps)
            await EmitAsync(StorePath is { } store ? step with { Remedies = [.. step.Remedies.Select(r => r.OnStore(store))] } : step);
    }
}
