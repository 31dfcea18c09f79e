using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Removes ended runs and their rejects from the history. The loaded rows and the destination's ledger stay.</summary>
[Cmdlet(VerbsCommon.Clear, "S3FeedRun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByTime)]
[OutputType(typeof(int))]
public sealed class ClearS3FeedRunCommand : FeedCmdlet
{
    private const string ByTime = "Before";
    private const string ByAge = "OlderThan";
    private const string ById = "Id";

    [Parameter(ParameterSetName = ByTime, Position = 0, HelpMessage = "Only runs of these feeds.")]
    [Parameter(ParameterSetName = ByAge, Position = 0, HelpMessage = "Only runs of these feeds.")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] FeedName { get; set; } = [];

    [Parameter(ParameterSetName = ById, Mandatory = true, HelpMessage = "The runs' ids, or the beginnings of them.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(
        ParameterSetName = ByTime, ValueFromPipeline = true,
        HelpMessage = "A run, to clear only this one; or a feed or its name, to clear all its runs.")]
    [Parameter(
        ParameterSetName = ByAge, ValueFromPipeline = true,
        HelpMessage = "A run, to clear only this one; or a feed or its name, to clear all its runs.")]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    [Parameter(
        ParameterSetName = ByTime, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Only runs that began before this time; local time if it has no zone.")]
    [DateTransformation]
    public DateTimeOffset Before { get; set; }

    [Parameter(ParameterSetName = ByAge, Mandatory = true, HelpMessage = "Only runs that began longer ago than this, for example 30d or 12h.")]
    [DurationTransformation]
    public TimeSpan OlderThan { get; set; }

    [Parameter(HelpMessage = "Do not ask for confirmation.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "Return how many runs were cleared.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            ClearInput(InputObject);
        foreach (var id in Id)
            Clear(RunChoice.FromRun(id));
        foreach (var name in FeedName)
            Clear(RunChoice.FromFeed(name));
        if (InputObject is null && Id.Length == 0 && FeedName.Length == 0)
            Clear(RunChoice.All);
    }

    private void ClearInput(PSObject input)
    {
        try
        {
            Clear(RunChoice.From(input));
        }
        catch (FeedException e)
        {
            WriteError(Errors.Create(e, input));
        }
    }

    private void Clear(RunChoice choice) => RunFor(choice.Target, async (engine, cancellationToken) =>
    {
        var (filter, what) = await FindAsync(engine, choice, cancellationToken);
        var before = Limit();
        var count = await engine.History.CountAsync(filter, before, cancellationToken);
        var runs = choice.RunId is null ? Quantities.Count(count, "run") : "run";
        var target = $"{runs}{what}{(before is { } limit ? $" from before {Quantities.Moment(limit)} UTC" : "")}";
        var cleared = 0;
        if (count > 0 && await ShouldAsync(target, "Clear with all rejects", Force ? ConfirmImpact.None : ConfirmImpact.High))
            cleared = await engine.History.ClearAsync(filter, before, cancellationToken);
        if (PassThru)
            await EmitAsync(cleared);
    });

    private async Task<(RunFilter Filter, string What)> FindAsync(FeedEngine engine, RunChoice choice, CancellationToken cancellationToken)
    {
        if (choice.RunId is { } id)
        {
            var run = await engine.Runs.FindAsync(id, cancellationToken);
            if (run.Status == RunStatus.Running)
                Warn($"Run {Quantities.Short(run.Id)} of feed {run.FeedName} is still running, so it stays.");
            return (new RunFilter { RunId = run.Id }, $" {Quantities.Short(run.Id)} of feed {run.FeedName}");
        }

        return choice.FeedName is { } feed
            ? (await engine.Runs.FilterByFeedAsync(feed, RunFilter.All, cancellationToken), $" of feed {feed}")
            : (RunFilter.All, "");
    }

    // Uses the length of a negative duration: as written, it would mean a future time, and thus all runs.
    private DateTimeOffset? Limit() => ParameterSetName == ByAge ? Instants.Ago(OlderThan) : Given(nameof(Before)) ? Before : null;
}
