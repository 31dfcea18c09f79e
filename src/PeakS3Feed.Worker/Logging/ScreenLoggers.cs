using Microsoft.Extensions.Logging;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Logging;

/// <summary>Prints the core's log, one line for each message.</summary>
/// <param name="screen">The output.</param>
/// <param name="minimum">The lowest level that is printed.</param>
internal sealed class ScreenLoggers(Screen screen, LogLevel minimum) : ILoggerFactory
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public ILogger CreateLogger(string categoryName) => new ScreenLogger(screen, minimum, categoryName, _scopes);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Holds no resources.
    }
}
