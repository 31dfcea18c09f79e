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

/// <summary>The logger of one category.</summary>
internal sealed class PipelineLogger(FeedCmdlet cmdlet) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        cmdlet.PostToPipeline(logLevel switch
        {
            >= LogLevel.Warning => () => cmdlet.WriteWarning(text),
            LogLevel.Information => () => cmdlet.WriteVerbose(text),
            _ => () => cmdlet.WriteDebug(text),
        });
    }
}
