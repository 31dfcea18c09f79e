using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed preview</c></summary>
internal sealed class PreviewCommand(WorkerHost host, CommonOptions common) : WorkerCommand(host, common, "preview", "preview")
{
    protected override Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken) => Task.FromResult(0);
}
