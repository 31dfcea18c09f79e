using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Engine;

/// <content>Queues that announce objects.</content>
public sealed partial class FeedEngine
{
    /// <summary>Opens a queue with the credentials of a connection. Makes no request.</summary>
    internal IQueueClient OpenQueue(string url, S3Connection connection)
        => _options.OpenQueue is { } open ? open(url, connection) : _access.OpenQueue(url, connection);

    private FeedDiscovery NewDiscovery() => new(Arrivals, Listings, _options.Time);

    // The rows are committed. A failure here costs a run that finds nothing.
    private async Task EndAsync(FeedDiscovery discovery, S3FeedRun run)
    {
        try
        {
            await discovery.EndAsync(run);
        }
        catch (FeedException e)
        {
            _options.Loggers.CreateLogger("PeakS3Feed.Run").LogWarning("What the run has seen of the announced objects could not be recorded: {Reason}", e.Message);
        }
    }
}
