using PeakS3Feed.Files;

namespace PeakS3Feed.Runs;

/// <summary>
/// The right to run a feed, on this machine and store: an operating-system lock on <c>locks/FEED-ID.lock</c> in the state
/// directory. It holds against other processes and against other tasks of this one, and ends with the process at the latest.
/// </summary>
public sealed class FeedRunLock : IDisposable
{
    /// <summary>How long <see cref="AcquireAsync"/> waits: somebody may hold the lock for an instant only, to see whether a run is alive.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly FileLock _lock;

    private FeedRunLock(FileLock held, Guid feedId)
    {
        _lock = held;
        FeedId = feedId;
    }

    /// <summary>The feed that may be run.</summary>
    public Guid FeedId { get; }

    /// <summary>The lock file of a feed.</summary>
    public static string GetPath(string stateDirectory, Guid feedId) => Path.Combine(stateDirectory, "locks", feedId.Text() + ".lock");

    /// <summary>Takes the lock, or gives null when somebody holds it.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedLockUnusable</c>.</exception>
    public static FeedRunLock? TryAcquire(string stateDirectory, Guid feedId)
    {
        var path = GetPath(stateDirectory, feedId);
        try
        {
            return FileLock.TryAcquire(path) is { } held ? new(held, feedId) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RunErrors.LockUnusable(path, error);
        }
    }

    /// <summary>Takes the lock, waiting at most <see cref="Patience"/>.</summary>
    /// <param name="history">The history that names whoever holds it.</param>
    /// <param name="feedId">The feed.</param>
    /// <param name="feedName">Its name, for the error.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedAlreadyRunning</c>, which names run, host, process and start; <c>FeedLockUnusable</c>.
    /// </exception>
    public static async Task<FeedRunLock> AcquireAsync(
        RunHistory history, Guid feedId, string feedName, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(history);
        var path = GetPath(history.StateDirectory, feedId);
        try
        {
            if (await FileLock.AcquireAsync(path, Patience, time ?? TimeProvider.System, cancellationToken) is { } held)
                return new(held, feedId);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RunErrors.LockUnusable(path, error);
        }

        var filter = new RunFilter { FeedId = feedId, Statuses = [RunStatus.Running], Last = 1 };
        await foreach (var run in history.ListAsync(filter, cancellationToken))
            throw RunErrors.FeedAlreadyRunning(feedName, run);
        throw RunErrors.FeedAlreadyRunning(feedName, holder: null);
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _lock.Dispose();
}
