using System.CommandLine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed run FEED…</c></summary>
internal sealed class RunCommand : WorkerCommand
{
    private readonly Argument<string[]> _feeds = new("FEED")
    {
        Description = "Names of feeds. * and ? are wildcards; quote them for the shell: 'ord*'.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _plan = new("--plan") { Description = "Print the plan of the run, and change nothing." };

    private readonly Option<bool> _force = new("--force") { Description = "Run disabled feeds, too." };

    private readonly Option<RejectText> _rejectText = new("--reject-text")
    {
        Description = "Whether the run history keeps the text of rejected rows.",
    };

    private readonly Option<int> _parallel = ParallelOption.Create(byDefault: 1);

    private readonly Option<int> _maxParallelism = MaxParallelismOption.Create();

    public RunCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "run", "Run feeds one after the other, or several at a time. Each run loads new objects, exactly once.")
    {
        Add(_feeds);
        Add(_plan);
        Add(_force);
        Add(_rejectText);
        Add(_parallel);
        Add(_maxParallelism);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var definitions = await context.Engine.Store.ReadAsync(cancellationToken);
        var feeds = FeedNames.Expand(parsed.GetRequiredValue(_feeds), definitions, disabledToo: parsed.GetValue(_force));
        if (feeds.Count == 0)
            context.Errors.Warn("Every feed that matches is disabled; --force runs disabled feeds.");
        if (parsed.GetValue(_plan))
            return await PlanAsync(context, feeds, cancellationToken);
        var options = new RunOptions
        {
            Force = parsed.GetValue(_force),
            RejectText = parsed.GetValue(_rejectText),
            MaxParallelism = parsed.GetValue(_maxParallelism),
        };
        _ = Task.Run(() => Prepare(context, definitions, feeds), CancellationToken.None);
        return await RunAsync(context, feeds, new FeedBatchOptions { Limit = parsed.GetValue(_parallel), RunOptions = options }, cancellationToken);
    }

    // Another processor does this while the first run begins.
    private static void Prepare(CommandContext context, StoreDefinitions definitions, IReadOnlyList<string> feeds)
    {
        context.Engine.Prepare(definitions, feeds);
        RunPrinter.Prepare();
    }

    private static async Task<int> PlanAsync(CommandContext context, IReadOnlyList<string> feeds, CancellationToken cancellationToken)
    {
        var code = ExitCodes.Success;
        foreach (var feed in feeds)
        {
            try
            {
                using var plan = await context.Engine.PlanAsync(feed, null, cancellationToken);
                PlanPrinter.Print(context.Out, plan);
                foreach (var warning in plan.Warnings)
                    context.Errors.Print(warning);
                if (plan.Obstacle is not { } obstacle)
                    continue;
                context.Errors.Print(obstacle);
                code = ExitCodes.Worst(code, ExitCodes.Failed);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                context.Errors.Print(error);
                code = ExitCodes.Worst(code, ExitCodes.From(error));
            }
        }
        return code;
    }

    private async Task<int> RunAsync(
        CommandContext context, IReadOnlyList<string> feeds, FeedBatchOptions options, CancellationToken cancellationToken)
    {
        var code = ExitCodes.Success;
        var ended = new List<FeedOutcome>();
        IRunDisplay display = context.Error.IsTerminal ? new LiveRunDisplay(context.Error) : new LineRunDisplay(context.Error, Host.Time);
        await display.ShowAsync(feeds.Count, async view =>
        {
            await foreach (var outcome in new FeedBatch(context.Engine, options with { View = view }).RunAsync(feeds, cancellationToken))
            {
                // A stop before the run began.
                if (outcome.Error is OperationCanceledException && cancellationToken.IsCancellationRequested)
                    continue;
                code = ExitCodes.Worst(code, outcome.Result is { } result ? ExitCodes.From(result) : ExitCodes.From(outcome.Error!));
                ended.Add(outcome);
                Print(context, outcome);
                await ReportAsync(context, outcome.Result, cancellationToken);
            }
        });
        // In the order of the feeds, which is not that of their ends.
        List<RunResult> results = [.. feeds.SelectMany(f => ended.Where(o => o.Feed == f)).Select(o => o.Result).OfType<RunResult>()];
        if (results.Count > 0)
            RunPrinter.PrintSummary(context.Out, results);
        if (ended.Count < feeds.Count && !ended.Exists(o => o.Result?.Run.Status == RunStatus.Canceled))
            cancellationToken.ThrowIfCancellationRequested();
        return code;
    }

    private static void Print(CommandContext context, FeedOutcome outcome)
    {
        using var held = context.Error.Hold();
        if (outcome.Result is { } result)
            RunPrinter.PrintErrors(context.Errors, result);
        else
            context.Errors.Print(outcome.Error!);
    }

    private static async Task ReportAsync(CommandContext context, RunResult? result, CancellationToken cancellationToken)
    {
        if (result is not { IsWatched: true })
            return;
        using var watchers = new WatcherService(context.Engine);
        await watchers.AfterRunAsync(result, cancellationToken);
    }
}
