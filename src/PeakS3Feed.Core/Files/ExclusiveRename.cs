using System.Runtime.InteropServices;

namespace PeakS3Feed.Files;

/// <summary>
/// Renames a file unless the new name is taken, atomically: of several callers with one new name, one succeeds.
/// <see cref="File.Move(string, string)"/> does so on Windows only; elsewhere it looks whether the name is taken, and renames then.
/// </summary>
internal static partial class ExclusiveRename
{
    private const int Exists = 17; // EEXIST, the same on Linux and macOS

    /// <summary>Renames a file within its folder. Returns false if the new name is taken; the file then keeps its name.</summary>
    /// <exception cref="IOException">The file could not be renamed, for example because the file system has no hard links.</exception>
    public static bool TryMove(string path, string newPath)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(path, newPath, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(newPath))
            {
                return false;
            }
        }
        if (Link(path, newPath) == 0)
        {
            File.Delete(path);
            return true;
        }
        var error = Marshal.GetLastPInvokeError();
        if (error != Exists)
            throw new IOException($"A hard link cannot be created: {Marshal.GetPInvokeErrorMessage(error)}.");
        return Directory.Exists(newPath) ? throw new UnauthorizedAccessException($"{newPath} is a folder.") : false;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string path, string newPath);
}
