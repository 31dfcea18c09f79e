using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// A run's log of rejects. If the history cannot be written, the run warns and still loads rows.
/// After the first error nothing more is stored, so that no run waits for a blocked history repeatedly. The run itself counts the rejects.
/// </summary>
internal sealed class RunRejects(RejectLog log, ILogger logger)
{
    private bool _broken;

    public Task AddAsync(int load, IReadOnlyCollection<Reject> rejects, CancellationToken cancellationToken)
        => TryAsync(() => log.AddAsync(load, rejects, cancellationToken));

    public Task DiscardAsync(int load, CancellationToken cancellationToken) => TryAsync(() => log.DiscardAsync(load, cancellationToken));

    public Task DiscardObjectAsync(string objectUri, CancellationToken cancellationToken)
        => TryAsync(() => log.DiscardObjectAsync(objectUri, cancellationToken));

    public Task FlushAsync() => TryAsync(() => log.FlushAsync(CancellationToken.None));

    /// <summary>Writes the rejects that are not written yet.</summary>
    public Task EndAsync() => TryAsync(() => log.DisposeAsync().AsTask());

    private async Task TryAsync(Func<Task> action)
    {
        if (_broken)
            return;
        try
        {
            await action();
        }
        catch (FeedException e)
        {
            _broken = true;
            logger.LogWarning("Rejects of this run are no longer stored: {Reason}", e.Message);
        }
    }
}
