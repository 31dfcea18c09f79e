using System.CommandLine;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed optimize FEED</c></summary>
internal sealed class OptimizeCommand : WorkerCommand
{
    private readonly Argument<string> _feed = new("FEED") { Description = "The feed that loads the table on S3." };

    public OptimizeCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "optimize", "Compact the small files of a feed's table on S3. Rows and columns stay the same.")
        => Add(_feed);

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (var result in await context.Engine.OptimizeTablesAsync(parsed.GetRequiredValue(_feed), cancellationToken))
            context.Out.Line(MaintenanceText.Describe(result));
        return ExitCodes.Success;
    }
}
