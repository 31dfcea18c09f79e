using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Sends the core's log to the warning, verbose and debug streams of a cmdlet.</summary>
internal sealed class PipelineLoggers(FeedCmdlet cmdlet) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new PipelineLogger(cmdlet);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log goes to the pipeline only.");

    public void Dispose()
    {
    }
}
