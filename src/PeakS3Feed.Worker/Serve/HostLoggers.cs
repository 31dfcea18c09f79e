using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PeakS3Feed.Worker.Serve;

/// <summary>
/// Passes on all log lines except those of the generic host, whose failures are thrown and reported once. Senders of requests control the log
/// lines of the web server, so these are limited.
/// </summary>
internal sealed class HostLoggers(ILoggerFactory loggers, TimeProvider time) : ILoggerFactory
{
    private readonly OutsiderLoggers _outsiders = new(loggers, time);

    public ILogger CreateLogger(string categoryName) => categoryName switch
    {
        "Microsoft.Extensions.Hosting.Internal.Host" => NullLogger.Instance,
        _ when categoryName.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) => _outsiders.CreateLogger(categoryName),
        _ => loggers.CreateLogger(categoryName),
    };

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The inner loggers belong to the caller.
        _outsiders.Dispose();
    }
}

/// <summary>
/// The web server's log. Lines caused by a request or a broken connection have the level Debug. Requests may cause the other lines,
/// too, so only a few per minute pass.
/// </summary>
internal sealed class OutsiderLoggers(ILoggerFactory loggers, TimeProvider time) : ILoggerFactory
{
    private readonly LogGate _gate = new(time);

    public ILogger CreateLogger(string categoryName) => new Lowered(loggers.CreateLogger(categoryName), _gate);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The inner loggers belong to the caller.
    }

    private sealed class Lowered(ILogger logger, LogGate gate) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning && IsTheirs(exception))
                logLevel = LogLevel.Debug;
            if (!logger.IsEnabled(logLevel))
                return;
            if (logLevel < LogLevel.Warning)
                logger.Log(logLevel, eventId, state, exception, formatter);
            else if (gate.MaySucceed(out var last))
                logger.Log(logLevel, eventId, state, exception, (s, e) => formatter(s, e) + LogGate.Ending(last));
        }

        private static bool IsTheirs(Exception? exception)
        {
            for (var e = exception; e is not null; e = e.InnerException)
            {
                if (e is BadHttpRequestException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException
                    or IOException)
                    return true;
            }
            return false;
        }
    }
}
