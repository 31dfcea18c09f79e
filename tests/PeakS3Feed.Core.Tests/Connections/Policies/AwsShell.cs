using System.Diagnostics;

namespace PeakS3Feed.Tests.Connections.Policies;

/// <summary>A shell in which <c>aws</c> is a program that records its arguments.</summary>
internal static class AwsShell
{
    /// <summary>Runs the commands in a POSIX shell whose <c>aws</c> writes its arguments down, each ended by NUL, each command by one more.</summary>
    public static async Task<List<string[]>> RunAsync(string script)
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no POSIX shell");
        using var folder = new TemporaryFolder();
        var (aws, log, file) = (Path.Combine(folder.Path, "aws"), Path.Combine(folder.Path, "log"), Path.Combine(folder.Path, "script"));
        await File.WriteAllTextAsync(aws, "#!/bin/sh\nprintf '%s\\0' \"$@\" >>\"$LOG\"\nprintf '\\0' >>\"$LOG\"\n");
        await File.WriteAllTextAsync(file, script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(aws, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("sh", ["-e", file]) { Environment = { ["PATH"] = folder.Path + ":/usr/bin:/bin", ["LOG"] = log }, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return [.. (await File.ReadAllTextAsync(log)).Split("\0\0", StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('\0'))];
    }
}
