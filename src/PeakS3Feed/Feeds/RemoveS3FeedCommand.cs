using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Removes feeds. The loaded rows stay, unless -DropTable drops the tables.</summary>
[Cmdlet(VerbsCommon.Remove, "S3Feed", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveS3FeedCommand : FeedNameCmdlet
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
        var removal = await engine.LookAtRemovalAsync(name, cancellationToken);
        var text = RemovalText.Describe(removal, DropTable);
        if (DropTable)
            text += $" That is {ResetText.Drop(await engine.FindTableUsesAsync(name, dropTable: true, cancellationToken))}.";
        var impact = Force ? ConfirmImpact.None : DropTable || removal.HasLoaded ? ConfirmImpact.High : ConfirmImpact.Medium;
        if (await ShouldAsync(removal.FeedName, text, impact))
            await engine.RemoveFeedAsync(name, DropTable, cancellationToken);
    }
}
