using System.Diagnostics;
using System.Globalization;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A file system of a few megabytes in memory, where this machine lets us mount one.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts it; skips the test where that may not be done.</summary>
    public static SmallDisk Mount(string path, int megabytes, string? owner = null)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a small disk is mounted on Linux only");
        Directory.CreateDirectory(path);
        if (owner is not null && OperatingSystem.IsLinux())
            File.SetUnixFileMode(System.IO.Path.GetDirectoryName(path)!, (UnixFileMode)0b111_101_101); // the owner must get there
        var options = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m") + (owner is null ? "" : $",uid={owner},gid={owner},mode=0700");
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path) == 0, "no right to mount a small disk (mount -t tmpfs needs root)");
        return new SmallDisk(path);
    }

    public void Enlarge(int megabytes)
        => Assert.Equal(0, Run("mount", "-o", string.Create(CultureInfo.InvariantCulture, $"remount,size={megabytes}m"), Path));

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void Dispose() => Run("umount", "-l", Path);

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
