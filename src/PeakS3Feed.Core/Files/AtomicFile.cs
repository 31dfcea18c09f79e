using System.Runtime.InteropServices;

namespace PeakS3Feed.Files;

/// <summary>Replaces a file atomically: a reader finds either the old or the new content, at any moment and after any crash.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes the content to a temporary file beside the file, flushes it to disk, and renames it to the file. The old file becomes the backup. The
    /// caller must hold a lock, because only one call at a time is allowed. A symbolic link stays, and its target is replaced; the backup is beside
    /// the link.
    /// </summary>
    public static async Task ReplaceAsync(string path, string backupPath, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
        var target = RealPath.ResolveLink(path);
        var isLink = target != path;
        var directory = Path.GetDirectoryName(target)!;
        PrivateFiles.CreateDirectory(directory);
        var temporary = await WriteBesideAsync(target, content, cancellationToken);

        // From here on the call ignores cancellation, so that a cancelled caller always knows that the content was not written.
        if (!File.Exists(target))
        {
            File.Move(temporary, target);
        }
        else if (isLink)
        {
            CopyMode(target, temporary);
            // The two may be on different file systems, so the backup is a copy.
            var backup = await File.ReadAllBytesAsync(target, CancellationToken.None);
            File.Move(await WriteBesideAsync(backupPath, backup, CancellationToken.None), backupPath, overwrite: true);
            DirectoryFlush.Flush(Path.GetDirectoryName(backupPath)!);
            Retry(temporary, () => File.Move(temporary, target, overwrite: true));
        }
        else
        {
            Retry(temporary, () => File.Replace(temporary, target, backupPath, ignoreMetadataErrors: true));
        }
        DirectoryFlush.Flush(directory);
    }

    private static async Task<string> WriteBesideAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = path + ".tmp";

        // A process that died may have left it: its mode and content are not trustworthy.
        File.Delete(temporary);
        var file = PrivateFiles.Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await using (file)
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        return temporary;
    }

    // The target of a link may belong to somebody else, and others may have access to it.
    private static void CopyMode(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }

    private static void Retry(string temporary, Action swap)
    {
        // On Windows, a reader or a virus scanner may have the file open for a moment.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                swap();
                return;
            }
            catch (Exception error) when (OperatingSystem.IsWindows() && attempt < 20
                && File.Exists(temporary) && error is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(50);
            }
        }
    }
}

/// <summary>
/// Flushes a directory, so that a rename in it survives a power failure. .NET cannot open directories, so it calls the C library. Windows does not
/// need it.
/// </summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnly = 0;

    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0) return;

        // Some file systems, mainly network file systems, cannot flush a directory. They do not need it.
        _ = Synchronize(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
