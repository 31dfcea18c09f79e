using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Enables disabled watchers. They notify of events from now on.</summary>
[Cmdlet(VerbsLifecycle.Enable, "S3FeedWatcher", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedWatcherInfo))]
public sealed class EnableS3FeedWatcherCommand() : WatcherSwitchCmdlet(enabled: true);

/// <summary>Disables watchers: they do not notify.</summary>
[Cmdlet(VerbsLifecycle.Disable, "S3FeedWatcher", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedWatcherInfo))]
public sealed class DisableS3FeedWatcherCommand() : WatcherSwitchCmdlet(enabled: false);

/// <summary>Enables or disables watchers.</summary>
public abstract class WatcherSwitchCmdlet : WatcherNameCmdlet
{
    private readonly bool _enabled;

    private protected WatcherSwitchCmdlet(bool enabled) => _enabled = enabled;

    [Parameter(HelpMessage = "Return the changed watcher.")]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var action = _enabled ? "Enable the watcher" : "Disable the watcher";
        var watcher = await ChangeAsync(engine, name, action, d => d.EditWatcherAsync(name, w => w with { Enabled = _enabled }, cancellationToken));
        if (watcher is not null && PassThru)
            await EmitAsync(new S3FeedWatcherInfo(watcher), StorePath);
    }
}
