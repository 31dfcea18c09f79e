using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Gets the rejects of a run, in the order of reading.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedReject", DefaultParameterSetName = OfFeed)]
[OutputType(typeof(S3FeedReject))]
public sealed class GetS3FeedRejectCommand : FeedCmdlet
{
    private const string OfFeed = "Feed";
    private const string OfRun = "Run";

    [Parameter(
        ParameterSetName = OfFeed, Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "The feed; its last run is used.")]
    [PipedName(Noun.Feed, ElseRuns = true)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] FeedName { get; set; } = [];

    [Parameter(
        ParameterSetName = OfRun, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The run's id, or the beginning of it.")]
    [Alias("Id")]
    [PipedName(Noun.Run)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[] RunId { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var name in ParameterSetName == OfFeed ? FeedName : [])
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                await foreach (var run in engine.Runs.ListAsync(name, new RunFilter { Last = 1 }, cancellationToken))
                    await EmitAsync(engine, run, cancellationToken);
            });
        }
        foreach (var id in ParameterSetName == OfRun ? RunId : [])
            RunFor(id, async (engine, cancellationToken) => await EmitAsync(
                engine, await engine.Runs.FindAsync(id, cancellationToken), cancellationToken));
    }

    private async Task EmitAsync(FeedEngine engine, S3FeedRun run, CancellationToken cancellationToken)
    {
        var stored = 0L;
        await foreach (var reject in engine.History.ListRejectsAsync(run.Id, cancellationToken))
        {
            stored++;
            await EmitAsync(S3FeedReject.From(run, reject));
        }
        if (stored == 0 && run.ObjectsFailed > 0)
            Warn($"Run {Quantities.Short(run.Id)} of feed {run.FeedName} rejected no row: it left out "
                + $"{Quantities.Count(run.ObjectsFailed, "whole file")}, which its warnings name. Next: {Next(Remedy.ShowWarnings(run.Id))}");
        if (run.RowsRejected > stored)
            Warn($"Run {Quantities.Short(run.Id)} of feed {run.FeedName} rejected {Quantities.Count(run.RowsRejected, "row")}, of which the first "
                + $"{Quantities.Count(stored)} are kept.");
    }
}
