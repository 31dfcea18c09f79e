using Microsoft.Extensions.Logging;
using PeakS3Feed.Serving;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>
/// Sends the core's log to the warning and verbose streams of a cmdlet: with -Verbose, each object, commit and session is reported.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="isVerbose">Whether anybody sees the verbose stream.</param>
internal sealed class PipelineLoggers(FeedCmdlet cmdlet, bool isVerbose) : ILoggerFactory
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public ILogger CreateLogger(string categoryName) => new PipelineLogger(cmdlet, isVerbose, _scopes);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log goes to the pipeline only.");

    public void Dispose()
    {
    }
}

/// <summary>The logger of one category.</summary>
internal sealed class PipelineLogger(FeedCmdlet cmdlet, bool isVerbose, LoggerExternalScopeProvider scopes) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (isVerbose || logLevel >= LogLevel.Warning);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var text = FeedLogScope.Prefix(scopes, formatter(state, exception));
        cmdlet.PostToPipeline(logLevel switch
        {
            >= LogLevel.Warning => () => cmdlet.WriteWarning(text),
            _ => () => cmdlet.WriteVerbose(text),
        });
    }
}
