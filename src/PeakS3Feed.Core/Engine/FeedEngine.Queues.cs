using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Triggers.Arrivals;

namespace PeakS3Feed.Engine;

/// <content>Queues that announce objects.</content>
public sealed partial class FeedEngine
{
    /// <summary>Opens a queue with the credentials of a connection. Makes no request.</summary>
    internal IQueueClient OpenQueue(string url, S3Connection connection)
        => _options.OpenQueue is { } open ? open(url, connection) : _access.OpenQueue(url, connection);

    // A run that ended well has listed after the mark was made, and has loaded what it found. A failure here costs a run that finds nothing.
    private async Task ForgetSeenAsync(ArrivalMark? mark, S3FeedRun run)
    {
        if (mark is null || run.Status is RunStatus.Failed or RunStatus.Canceled or RunStatus.Running)
            return;
        try
        {
            await Arrivals.ForgetAsync(mark, CancellationToken.None);
        }
        catch (FeedException e)
        {
            _options.Loggers.CreateLogger("PeakS3Feed.Run").LogWarning("What queues had announced could not be removed: {Reason}", e.Message);
        }
    }
}
