using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Forgets runs that have ended, with their rejects. What they have loaded stays, and so does what the destination knows of it.</summary>
[Cmdlet(VerbsCommon.Clear, "S3FeedRun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByTime)]
[OutputType(typeof(int))]
public sealed class ClearS3FeedRunCommand : FeedCmdlet
{
    private const string ByTime = "Before";
    private const string ByAge = "OlderThan";

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Only runs of these feeds.")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] FeedName { get; set; } = [];

    [Parameter(ParameterSetName = ByTime, HelpMessage = "Only runs that began before that time.")]
    public DateTime Before { get; set; }

    [Parameter(ParameterSetName = ByAge, Mandatory = true, HelpMessage = "Only runs that began longer ago, as a time span such as 30.00:00:00.")]
    public TimeSpan OlderThan { get; set; }

    [Parameter(HelpMessage = "Do not ask.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "Write how many runs were forgotten.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (FeedName.Length == 0)
            Clear(null);
        foreach (var name in FeedName)
            Clear(name);
    }

    private void Clear(string? feed) => RunFor(feed, async (engine, cancellationToken) =>
    {
        var filter = feed is null ? RunFilter.All : await engine.Runs.OfAsync(feed, RunFilter.All, cancellationToken);
        var before = Limit();
        var count = await engine.History.CountAsync(filter, before, cancellationToken);
        var target = $"{Quantities.Count(count, "run")}{(feed is null ? "" : $" of feed {feed}")}{(before is { } limit ? $" from before {Quantities.Moment(limit)} UTC" : "")}";
        var forgotten = 0;
        if (count > 0 && await ShouldAsync(target, "Forget with their rejects", Force ? ConfirmImpact.None : ConfirmImpact.High))
            forgotten = await engine.History.ClearAsync(filter, before, cancellationToken);
        if (PassThru)
            await EmitAsync(forgotten);
    });

    // A negative time span is meant as its length: as it stands, it would name a time to come, and with it all runs.
    private DateTimeOffset? Limit() => ParameterSetName == ByAge ? DateTimeOffset.UtcNow - OlderThan.Duration() : Given(nameof(Before)) ? new DateTimeOffset(Before) : null;
}
