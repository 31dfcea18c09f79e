using PeakS3Feed.Files;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Serving;

/// <summary>
/// A lock file that shows other processes on the store that this worker is alive. The system frees the lock when the process ends. A host name and a
/// process id would not do, because a restarted container can have the same ones. The file is deleted at the end; its name is never used again.
/// </summary>
internal sealed class WorkerPresence : IDisposable
{
    private readonly string _path;
    private readonly FileLock _lock;

    private WorkerPresence(string name, string path, FileLock fileLock) => (Name, _path, _lock) = (name, path, fileLock);

    /// <summary>The name under which this worker starts fires.</summary>
    public string Name { get; }

    /// <summary>Creates and locks the file.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedLockUnusable</c>.</exception>
    public static WorkerPresence Create(string stateDirectory)
    {
        var name = Guid.NewGuid().ToString("D");
        var path = PathOf(stateDirectory, name);
        try
        {
            return new(name, path, FileLock.TryAcquire(path) ?? throw new InvalidOperationException("A new lock file is locked already."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RunErrors.LockUnusable(path, error);
        }
    }

    /// <summary>Returns whether the worker with this name has ended.</summary>
    /// <exception cref="UnauthorizedAccessException">Its lock belongs to another account.</exception>
    /// <exception cref="IOException">Its lock cannot be opened.</exception>
    public static bool HasEnded(string stateDirectory, string name)
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
        TryDelete(_path); // for systems that do not delete open files
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file stays, unlocked.
        }
    }

    private static string PathOf(string stateDirectory, string name) => Path.Combine(stateDirectory, "locks", $"worker-{name}.lock");
}
