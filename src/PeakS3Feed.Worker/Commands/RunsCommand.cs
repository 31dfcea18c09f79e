using System.CommandLine;
using PeakS3Feed.Engine;
using PeakS3Feed.Runs;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed runs [FEED]</c></summary>
internal sealed class RunsCommand : WorkerCommand
{
    private readonly Argument<string?> _feed = new("FEED") { Description = "Only runs of this feed.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<int> _last = new("--last")
    {
        Description = "How many runs to show.",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
        CustomParser = WholeNumber.Parse,
    };

    private readonly Option<bool> _rejects = new("--rejects") { Description = "Print the rows that the newest of these runs could not load." };

    private readonly Option<string?> _run = new("--run") { Description = "One run: its id or the beginning of it.", HelpName = "ID" };

    public RunsCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "runs", "Show recent runs and the rows that they could not load.")
    {
        Add(_feed);
        Add(_last);
        Add(_rejects);
        Add(_run);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var one = parsed.GetValue(_run);
        var runs = one is not null
            ? [await context.Engine.Runs.FindAsync(one, cancellationToken)]
            : await RecentAsync(
                context.Engine.Runs, parsed.GetValue(_feed), parsed.GetValue(_rejects) ? 1 : parsed.GetValue(_last), cancellationToken);
        HistoryPrinter.Print(context.Out, runs, listWarnings: one is null);
        if (one is not null)
            await HistoryPrinter.PrintAsync(
                context.Out, context.Errors, runs[0], context.Engine.History.ListWarningsAsync(runs[0].Id, cancellationToken));
        if (parsed.GetValue(_rejects) && runs.Count > 0)
            await HistoryPrinter.PrintAsync(
                context.Out, runs[0], context.Engine.History.ListRejectsAsync(runs[0].Id, cancellationToken), context.Verbose);
        return ExitCodes.Success;
    }

    private static async Task<IReadOnlyList<S3FeedRun>> RecentAsync(FeedRuns runs, string? feed, int last, CancellationToken cancellationToken)
    {
        var filter = new RunFilter { Last = last };
        var found = feed is null ? runs.ListAsync(fits: null, filter, cancellationToken) : runs.ListAsync(feed, filter, cancellationToken);
        return await found.ToListAsync(cancellationToken);
    }
}
