namespace PeakS3Feed.Files;

/// <summary>
/// A lock that the operating system keeps on an open file: it holds between processes as well as between tasks of one, and
/// ends with the process, however that dies. The file stays behind; deleting it would let two holders in.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or gives null when somebody holds it. Makes the file and its folder where they are missing.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is not ours to write.</exception>
    public static FileLock? TryAcquire(string path)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new FileLock(PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (SharingViolation.Is(error))
        {
            return null;
        }
    }

    /// <summary>Takes the lock as soon as it is free, or gives null when it was not within that time.</summary>
    public static async Task<FileLock?> AcquireAsync(string path, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } taken) return taken;
            if (time.GetElapsedTime(started) >= wait) return null;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => _file.Dispose();
}
