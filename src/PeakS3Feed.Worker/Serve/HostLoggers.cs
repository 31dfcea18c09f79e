using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PeakS3Feed.Worker.Serve;

/// <summary>
/// All but what the generic host says about itself: what goes wrong in it is thrown as well, and told once. What the web server says is in the hands of
/// those who send requests, so it is kept short.
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
        // They are not ours.
        _outsiders.Dispose();
    }
}
