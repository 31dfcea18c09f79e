using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed set</c></summary>
internal sealed class SetCommand(WorkerHost host, CommonOptions common) : WorkerCommand(host, common, "set", "set")
{
    protected override Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken) => Task.FromResult(0);
}
