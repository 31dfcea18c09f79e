using Microsoft.Extensions.Logging;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Logging;

/// <summary>Shows what the core says about itself, a line a message.</summary>
/// <param name="screen">Where to.</param>
/// <param name="least">What is less important than this is not shown.</param>
internal sealed class ScreenLoggers(Screen screen, LogLevel least) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new ScreenLogger(screen, least, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // There is nothing to let go of.
    }
}
