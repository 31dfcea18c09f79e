using System.CommandLine;
using PeakS3Feed.Runs;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed runs [FEED]</c></summary>
internal sealed class RunsCommand : WorkerCommand
{
    private readonly Argument<string?> _feed = new("FEED") { Description = "Only runs of this feed.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<int> _last = new("--last") { Description = "How many runs.", HelpName = "N", DefaultValueFactory = _ => 10, CustomParser = WholeNumber.Parse };

    private readonly Option<bool> _rejects = new("--rejects") { Description = "Print the rows that the last of these runs could not load." };

    private readonly Option<string?> _run = new("--run") { Description = "One run, by its id or the beginning of it.", HelpName = "ID" };

    public RunsCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "runs", "Show recent runs, and the rows they could not load.")
    {
        Add(_feed);
        Add(_last);
        Add(_rejects);
        Add(_run);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var history = context.Engine.History;
        await history.MarkDeadRunsAsync(cancellationToken: cancellationToken);
        var one = parsed.GetValue(_run);
        var runs = one is not null
            ? [await RunLookup.FindAsync(history, one, cancellationToken)]
            : await RecentAsync(context, parsed.GetValue(_feed), parsed.GetValue(_rejects) ? 1 : parsed.GetValue(_last), cancellationToken);
        HistoryPrinter.Print(context.Out, runs);
        if (parsed.GetValue(_rejects) && runs.Count > 0)
            await HistoryPrinter.PrintAsync(context.Out, runs[0], history.ListRejectsAsync(runs[0].Id, cancellationToken), context.Verbose);
        return ExitCodes.Success;
    }

    private static async Task<IReadOnlyList<S3FeedRun>> RecentAsync(CommandContext context, string? feed, int last, CancellationToken cancellationToken)
    {
        var filter = new RunFilter { Last = last };
        if (feed is not null)
        {
            var definitions = await context.Engine.Store.ReadAsync(cancellationToken);
            filter = definitions.FindFeed(feed) is { } found ? filter with { FeedId = found.Id } : filter with { FeedName = feed };
        }
        var runs = await context.Engine.History.ListAsync(filter, cancellationToken).ToListAsync(cancellationToken);
        if (runs.Count == 0 && filter.FeedName is not null)
            throw WorkerErrors.NoRunsOf(feed!);
        return runs;
    }
}
