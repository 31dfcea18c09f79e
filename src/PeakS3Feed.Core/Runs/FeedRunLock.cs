using PeakS3Feed.Files;

namespace PeakS3Feed.Runs;

/// <summary>
/// The lock that allows one run of a feed on this machine and store. It is an operating-system lock on <c>locks/FEED-ID.lock</c> in the state
/// directory. It excludes other processes and other tasks of this process, and ends with the process at the latest.
/// </summary>
public sealed class FeedRunLock : IDisposable
{
    /// <summary>
    /// How long <see cref="AcquireAsync"/> waits: 1 second. Another process may have the lock for a moment, only to check whether a run is alive.
    /// </summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly FileLock _lock;

    private FeedRunLock(FileLock fileLock, Guid feedId)
    {
        _lock = fileLock;
        FeedId = feedId;
    }

    /// <summary>The feed that is locked.</summary>
    public Guid FeedId { get; }

    /// <summary>Returns the path of a feed's lock file.</summary>
    public static string GetPath(string stateDirectory, Guid feedId) => Path.Combine(stateDirectory, "locks", feedId.Text() + ".lock");

    /// <summary>Acquires the lock, or returns null if another process or task has it.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedLockUnusable</c>.</exception>
    public static FeedRunLock? TryAcquire(string stateDirectory, Guid feedId)
    {
        var path = GetPath(stateDirectory, feedId);
        try
        {
            return FileLock.TryAcquire(path) is { } fileLock ? new(fileLock, feedId) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RunErrors.LockUnusable(path, error);
        }
    }

    /// <summary>Acquires the lock and waits for it up to <see cref="MaxWait"/>.</summary>
    /// <param name="history">The history, to name the run that has the lock in the error.</param>
    /// <param name="feedId">The feed.</param>
    /// <param name="feedName">Its name, for the error.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException"><c>FeedAlreadyRunning</c>, with run, host, process and start; <c>FeedLockUnusable</c>.</exception>
    public static async Task<FeedRunLock> AcquireAsync(
        RunHistory history, Guid feedId, string feedName, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(history);
        var path = GetPath(history.StateDirectory, feedId);
        try
        {
            if (await FileLock.AcquireAsync(path, MaxWait, time ?? TimeProvider.System, cancellationToken) is { } fileLock)
                return new(fileLock, feedId);
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

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();
}
