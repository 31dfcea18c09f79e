namespace PeakS3Feed.Files;

/// <summary>Makes folders and files that only their owner can open. On Windows the folder's access list decides.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder, and those above it that are missing, with mode 0700. An existing folder is left as it is.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnlyFile | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file; one that has to be made for it gets mode 0600.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnlyFile;
        return new FileStream(path, options);
    }

    /// <summary>
    /// Makes an empty file of mode 0600 when there is none. An existing one is not even opened: closing any descriptor of a
    /// SQLite database would drop the locks that this process holds on it.
    /// </summary>
    public static void CreateIfMissing(string path)
    {
        if (File.Exists(path)) return;
        try
        {
            Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else made it in between, with the same mode.
        }
    }
}
