namespace PeakS3Feed.Files;

/// <summary>Creates folders and files that only their owner can open. On Windows, the folder's access control list decides.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates the folder, and missing folders above it, with mode 0700. An existing folder stays as it is.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnlyFile | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file. A file that this creates gets mode 0600.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnlyFile;
        return new FileStream(path, options);
    }

    /// <summary>
    /// Creates a file for reading and writing in the folder of temporary files. It has no name, or one that the system removes: the file is deleted
    /// when it is closed, also if the process is killed.
    /// </summary>
    /// <param name="purpose">A word for the file's name.</param>
    public static FileStream CreateTemporary(string purpose)
    {
        var path = Path.Combine(Path.GetTempPath(), $"peaks3feed-{purpose}-{Guid.NewGuid():N}.tmp");
        if (OperatingSystem.IsWindows())
            return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        var file = Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Delete(path); // the file lasts as long as it is open
        return file;
    }

    /// <summary>
    /// Creates an empty file with mode 0600 if there is none. It does not open an existing file: closing any descriptor of a SQLite database releases
    /// the locks that this process has on it.
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
            // Another process created it in between, with the same mode.
        }
    }
}
