using System.Management.Automation;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Serving;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Sends one test message of each watcher, now.</summary>
[Cmdlet(VerbsDiagnostic.Test, "S3FeedWatcher")]
[OutputType(typeof(S3FeedCheck), typeof(bool))]
public sealed class TestS3FeedWatcherCommand : WatcherNameCmdlet
{
    [Parameter(HelpMessage = "Return only whether the receiver accepted the message.")]
    public SwitchParameter Quiet { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        using var service = new WatcherService(engine);
        var check = await service.TestAsync(await engine.Definitions.FindWatcherAsync(name, cancellationToken), cancellationToken);
        await EmitAsync(Quiet ? check.Passed : S3FeedCheck.From(check));
    }
}
