using Microsoft.Extensions.Logging;
using PeakS3Feed.Serving;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Logging;

/// <summary>The logger of one category.</summary>
internal sealed class ScreenLogger(Screen screen, LogLevel minimum, string category, LoggerExternalScopeProvider scopes) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var message = FeedLogScope.Prefix(scopes, formatter(state, exception));
        if (minimum < LogLevel.Warning)
            screen.Line($"{Word(logLevel)}: {category}: {message}", StyleOf(logLevel));
        else
            screen.Line($"{Word(logLevel)}: {message}", StyleOf(logLevel));
        if (exception is not null && minimum < LogLevel.Warning)
            screen.VerbatimLines(exception.ToString());
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private static Spectre.Console.Style StyleOf(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => Styles.Error,
        LogLevel.Warning => Styles.Warning,
        _ => Styles.Quiet,
    };
}
