namespace PeakS3Feed.Files;

/// <summary>Replaces a file as a whole: whoever reads it, at any moment and after any crash, finds the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes the content beside the file, flushed to disk, then puts it in the file's place; what stood there becomes the
    /// backup. Only one caller at a time: the caller holds a lock.
    /// </summary>
    public static async Task ReplaceAsync(string path, string backupPath, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var directory = Path.GetDirectoryName(path)!;
        var temporary = path + ".tmp";
        PrivateFiles.CreateDirectory(directory);

        // Left by a process that died: its mode and content are not to be trusted.
        File.Delete(temporary);
        var file = PrivateFiles.Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await using (file)
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        // From here on it is done to the end: a cancelled caller must not leave it open whether the content landed.
        if (File.Exists(path)) Swap(temporary, path, backupPath);
        else File.Move(temporary, path);
        DirectoryFlush.Flush(directory);
    }

    private static void Swap(string temporary, string path, string backupPath)
    {
        // On Windows a reader or a virus scanner may hold the file for an instant.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                File.Replace(temporary, path, backupPath, ignoreMetadataErrors: true);
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
