using System.Diagnostics;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>The readers from npm that <c>tests/servers/parquet.sh install</c> installs: hyparquet and parquet-wasm.</summary>
internal static class NpmReaders
{
    private static readonly string Folder = Repository.PathOf("tests/servers/parquet");

    /// <summary>Skips the test where the readers are not installed.</summary>
    public static void SkipIfMissing()
        => Skip.IfNot(File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")), "tests/servers/parquet.sh has not installed the readers.");

    /// <summary>Reads files. Returns a line of JSON for each row, file by file, with the values as <c>read.mjs</c> describes them.</summary>
    public static async Task<string[]> ReadAsync(string reader, IReadOnlyList<string> files)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "read.mjs"), reader, .. files])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
