using System.Management.Automation;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Forgets what feeds have loaded, so that their next runs load everything again.</summary>
[Cmdlet(VerbsCommon.Reset, "S3Feed", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class ResetS3FeedCommand : FeedNameCmdlet
{
    [Parameter(HelpMessage = "Remove the feed's table from the destination too, with all rows in it.")]
    public SwitchParameter DropTable { get; set; }

    [Parameter(HelpMessage = "Do not ask.")]
    public SwitchParameter Force { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.FindFeedAsync(name, cancellationToken);
        var action = DropTable ? "Forget what the feed has loaded, and drop its table with all rows" : "Forget what the feed has loaded";
        if (await ShouldAsync(name, action, Force ? ConfirmImpact.None : ConfirmImpact.High))
            await engine.ResetAsync(name, DropTable, cancellationToken);
    }
}
