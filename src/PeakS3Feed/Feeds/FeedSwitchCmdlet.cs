using System.Management.Automation;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Enables or disables feeds.</summary>
public abstract class FeedSwitchCmdlet : FeedNameCmdlet
{
    private readonly bool _enabled;

    private protected FeedSwitchCmdlet(bool enabled) => _enabled = enabled;

    [Parameter(HelpMessage = "Return the changed feed.")]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        await engine.Definitions.DryRun.SetEnabledAsync(name, _enabled, cancellationToken);
        if (!await ShouldAsync(name, _enabled ? "Enable the feed" : "Disable the feed"))
            return;
        var feed = await engine.Definitions.SetEnabledAsync(name, _enabled, cancellationToken);
        if (PassThru)
            await EmitAsync(feed, StorePath);
    }
}
