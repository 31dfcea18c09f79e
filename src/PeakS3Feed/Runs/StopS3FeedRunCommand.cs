using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Asks runs of any process to stop. Their commits stay.</summary>
[Cmdlet(VerbsLifecycle.Stop, "S3FeedRun", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedRun))]
public sealed class StopS3FeedRunCommand : FeedCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The run's id, or the beginning of it.")]
    [PipedName(Noun.Run)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(HelpMessage = "Return the run, with its state at the time of the request.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var id in Id)
        {
            RunFor(id, async (engine, cancellationToken) =>
            {
                var run = await engine.Runs.FindAsync(id, cancellationToken);
                var words = $"Run {Quantities.Short(run.Id)} of feed {run.FeedName}";
                if (!await ShouldAsync(words, "Ask the run to stop"))
                    return;
                if (!await engine.History.RequestStopAsync(run.Id, cancellationToken))
                    Warn($"{words} has ended already.");
                if (PassThru)
                    await EmitAsync(run, StorePath);
            });
        }
    }
}
