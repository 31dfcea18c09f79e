using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed demo</c></summary>
internal sealed class DemoCommand(WorkerHost host, CommonOptions common) : WorkerCommand(host, common, "demo", "demo")
{
    protected override Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken) => Task.FromResult(0);
}
