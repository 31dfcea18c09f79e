namespace PeakS3Feed.Tests;

/// <summary>The permissions of a file or folder, in octal.</summary>
internal static class UnixMode
{
    public static string Get(string path)
        => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    public static void Set(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        File.SetUnixFileMode(path, mode);
    }
}
