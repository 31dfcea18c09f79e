namespace PeakS3Feed.Files;

/// <summary>
/// A lock that the operating system keeps on an open file: it holds between processes as well as between tasks of one, and
/// ends with the process, however that dies. The file stays behind; deleting it would let two holders in.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(30);

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
        catch (IOException error) when (SharingViolation.Matches(error))
        {
            return null;
        }
    }

    /// <summary>Takes the lock as soon as it is free, or gives null when it was not within that time.</summary>
    public static Task<FileLock?> AcquireAsync(string path, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
        => PollAsync(path, time.GetTimestamp(), wait, time, cancellationToken);

    /// <summary>
    /// The same where many want the lock again and again. Whoever lets go of it could take it back at once, before those who
    /// look now and then ever find it free; a second lock, held only while waiting for the first, makes it queue behind them.
    /// </summary>
    public static async Task<FileLock?> AcquireInTurnAsync(string path, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var turn = await PollAsync(path + ".turn", started, wait, time, cancellationToken);
        return turn is null ? null : await PollAsync(path, started, wait, time, cancellationToken);
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static async Task<FileLock?> PollAsync(string path, long started, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } taken) return taken;
            if (time.GetElapsedTime(started) >= wait) return null;

            // Not all at the same beat.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
        }
    }
}
