using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Gets runs, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedRun", DefaultParameterSetName = OfFeed)]
[OutputType(typeof(S3FeedRun))]
public sealed class GetS3FeedRunCommand : FeedCmdlet
{
    private const string OfFeed = "Feed";
    private const string ById = "Id";

    [Parameter(
        ParameterSetName = OfFeed, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Names of feeds or patterns with * and ?; by default all feeds.")]
    [Alias("Name")]
    [PipedName(Noun.Feed, ElseRuns = true)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] FeedName { get; set; } = ["*"];

    [Parameter(ParameterSetName = ById, Mandatory = true, ValueFromPipeline = true, HelpMessage = "The run's id, or the beginning of it.")]
    [PipedName(Noun.Run)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(ParameterSetName = OfFeed, HelpMessage = "Only runs with this status.")]
    public RunStatus[] Status { get; set; } = [];

    [Parameter(ParameterSetName = OfFeed, HelpMessage = "At most this many runs, the newest; for each name or pattern.")]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; }

    [Parameter(
        ParameterSetName = OfFeed, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Only runs that began at this time or later; local time if it has no zone.")]
    [DateTransformation]
    public DateTimeOffset Since { get; set; }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == ById)
        {
            foreach (var id in Id)
                RunFor(id, async (engine, cancellationToken) => await EmitAsync(await engine.Runs.FindAsync(id, cancellationToken), StorePath));
            return;
        }
        foreach (var name in FeedName)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                await foreach (var run in Find(engine.Runs, name, cancellationToken))
                    await EmitAsync(run, StorePath);
            });
        }
    }

    private IAsyncEnumerable<S3FeedRun> Find(FeedRuns runs, string name, CancellationToken cancellationToken)
    {
        var filter = new RunFilter
        {
            Statuses = Status,
            Last = Given(nameof(Last)) ? Last : null,
            Since = Given(nameof(Since)) ? Since : null,
        };
        return WildcardPattern.ContainsWildcardCharacters(name)
            ? runs.ListAsync(name == "*" ? null : feed => NamePattern.IsMatch(name, feed), filter, cancellationToken)
            : runs.ListAsync(name, filter, cancellationToken);
    }
}
