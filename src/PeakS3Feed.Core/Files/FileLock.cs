namespace PeakS3Feed.Files;

/// <summary>
/// An operating-system lock on an open file. It works between processes and between tasks of one process, and ends with the process, however that
/// dies. The file stays: deleting it would allow two holders.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(30);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock, or returns null if another holder has it. Creates the file and its folder if they do not exist.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is not writable.</exception>
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

    /// <summary>Acquires the lock as soon as it is free, or returns null when that takes longer than <paramref name="wait"/>.</summary>
    public static Task<FileLock?> AcquireAsync(string path, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
        => PollAsync(path, time.GetTimestamp(), wait, time, cancellationToken);

    /// <summary>
    /// Acquires a lock that many processes need again and again. A process that releases the lock could acquire it again at once, before the others
    /// poll. A second lock, held only while waiting for the first, makes that process wait for its turn.
    /// </summary>
    public static async Task<FileLock?> AcquireInTurnAsync(string path, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var turn = await PollAsync(path + ".turn", started, wait, time, cancellationToken);
        return turn is null ? null : await PollAsync(path, started, wait, time, cancellationToken);
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static async Task<FileLock?> PollAsync(string path, long started, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } taken) return taken;
            if (time.GetElapsedTime(started) >= wait) return null;

            // Random pauses, so that waiting processes do not poll in step.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
        }
    }
}

/// <summary>Distinguishes "another process has the file open" from other errors of opening a file.</summary>
internal static class SharingViolation
{
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsLock = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    public static bool Matches(IOException error)
        => error.HResult is WindowsSharing or WindowsLock
            || (error.HResult == LinuxWouldBlock && OperatingSystem.IsLinux())
            || (error.HResult == MacWouldBlock && OperatingSystem.IsMacOS());
}
