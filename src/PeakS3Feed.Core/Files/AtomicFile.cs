namespace PeakS3Feed.Files;

/// <summary>Replaces a file as a whole: whoever reads it, at any moment and after any crash, finds the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes the content beside the file, flushed to disk, then puts it in the file's place; what stood there becomes the
    /// backup. Only one caller at a time: the caller holds a lock. A symbolic link stays, and the file that it leads to is
    /// replaced; the backup is beside the link.
    /// </summary>
    public static async Task ReplaceAsync(string path, string backupPath, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
        var target = RealPath.ResolveLink(path);
        var isLink = target != path;
        var directory = Path.GetDirectoryName(target)!;
        PrivateFiles.CreateDirectory(directory);
        var temporary = await WriteBesideAsync(target, content, cancellationToken);

        // From here on it is done to the end: a cancelled caller must not leave it open whether the content landed.
        if (!File.Exists(target))
        {
            File.Move(temporary, target);
        }
        else if (isLink)
        {
            KeepMode(target, temporary);
            // The two may be on different file systems, so the backup is a copy.
            File.Move(await WriteBesideAsync(backupPath, await File.ReadAllBytesAsync(target, CancellationToken.None), CancellationToken.None), backupPath, overwrite: true);
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

        // Left by a process that died: its mode and content are not to be trusted.
        File.Delete(temporary);
        var file = PrivateFiles.Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await using (file)
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        return temporary;
    }

    // A file that somebody linked to is theirs, and others may be allowed to read it.
    private static void KeepMode(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }

    private static void Retry(string temporary, Action swap)
    {
        // On Windows a reader or a virus scanner may hold the file for an instant.
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
