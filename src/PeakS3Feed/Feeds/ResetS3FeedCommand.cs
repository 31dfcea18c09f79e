using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Resets feeds: what they have loaded no longer counts. With -DropTable, their next runs load everything again.</summary>
[Cmdlet(VerbsCommon.Reset, "S3Feed", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class ResetS3FeedCommand : FeedNameCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The feed's name.")]
    [Alias("FeedName")]
    [PipedName(Noun.Feed, Only = true)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];

    [Parameter(HelpMessage = "Also drop the feed's table in the destination, with all its rows.")]
    public SwitchParameter DropTable { get; set; }

    [Parameter(HelpMessage = "Do not ask for confirmation.")]
    public SwitchParameter Force { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var uses = await engine.FindTableUsesAsync(name, DropTable, cancellationToken);
        var action = ResetText.Describe(uses, DropTable);
        if (!await ShouldAsync(uses[0].FeedName, action, Force ? ConfirmImpact.None : ConfirmImpact.High))
            return;
        if (Force)
            Post(() => WriteVerbose($"{action}."));
        await engine.ResetAsync(name, DropTable, cancellationToken);
    }
}
