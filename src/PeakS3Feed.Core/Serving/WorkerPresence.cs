using PeakS3Feed.Files;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Serving;

/// <summary>
/// Shows whoever else works on the store that somebody who runs fires is alive: a lock of its own, which the system frees when the process ends. It
/// says more than a host and a process id, which a container has another time. The file goes with its owner, for its name is never used again.
/// </summary>
internal sealed class WorkerPresence : IDisposable
{
    private readonly string _path;
    private readonly FileLock _lock;

    private WorkerPresence(string name, string path, FileLock held) => (Name, _path, _lock) = (name, path, held);

    /// <summary>The name under which fires are taken.</summary>
    public string Name { get; }

    /// <exception cref="Errors.FeedException"><c>FeedLockUnusable</c>.</exception>
    public static WorkerPresence Enter(string stateDirectory)
    {
        var name = Guid.NewGuid().ToString("D");
        var path = PathOf(stateDirectory, name);
        try
        {
            return new(name, path, FileLock.TryAcquire(path) ?? throw new InvalidOperationException("A lock that is new is taken."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RunErrors.LockUnusable(path, error);
        }
    }

    /// <summary>Whether the worker of that name is there no more.</summary>
    /// <exception cref="UnauthorizedAccessException">Its lock belongs to another account.</exception>
    /// <exception cref="IOException">Its lock cannot be opened.</exception>
    public static bool IsGone(string stateDirectory, string name)
    {
        var path = PathOf(stateDirectory, name);
        if (!File.Exists(path))
            return true;
        using var free = FileLock.TryAcquire(path);
        if (free is not null)
            TryDelete(path);
        return free is not null;
    }

    public void Dispose()
    {
        TryDelete(_path);
        _lock.Dispose();
        TryDelete(_path); // where an open file cannot be deleted
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays behind, free.
        }
    }

    private static string PathOf(string stateDirectory, string name) => Path.Combine(stateDirectory, "locks", $"worker-{name}.lock");
}
