using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Enables disabled feeds.</summary>
[Cmdlet(VerbsLifecycle.Enable, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedInfo))]
public sealed class EnableS3FeedCommand() : FeedSwitchCmdlet(enabled: true);

/// <summary>Disables feeds: they do not run, neither by command nor by trigger.</summary>
[Cmdlet(VerbsLifecycle.Disable, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedInfo))]
public sealed class DisableS3FeedCommand() : FeedSwitchCmdlet(enabled: false);

/// <summary>Enables or disables feeds.</summary>
public abstract class FeedSwitchCmdlet : FeedNameCmdlet
{
    private readonly bool _enabled;

    private protected FeedSwitchCmdlet(bool enabled) => _enabled = enabled;

    [Parameter(HelpMessage = "Return the changed feed.")]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var action = _enabled ? "Enable the feed" : "Disable the feed";
        if (await ChangeAsync(engine, name, action, d => d.SetEnabledAsync(name, _enabled, cancellationToken)) is { } feed && PassThru)
            await EmitAsync(new S3FeedInfo(feed), StorePath);
    }
}
