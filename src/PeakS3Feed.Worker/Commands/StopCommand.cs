using System.CommandLine;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed stop RUN</c></summary>
internal sealed class StopCommand : WorkerCommand
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run: its id or the beginning of it." };

    public StopCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "stop", "Ask a run in another process to stop.")
        => Add(_run);

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var run = await context.Engine.Runs.FindAsync(parsed.GetRequiredValue(_run), cancellationToken);
        var asked = await context.Engine.History.RequestStopAsync(run.Id, cancellationToken);
        context.Out.Line($"Run {Quantities.Short(run.Id)} of feed {run.FeedName} "
            + $"{(asked ? "was asked to stop; its commits stay" : "has ended already")}.");
        return ExitCodes.Success;
    }
}
