using System.Diagnostics;
using System.Text.Json;

namespace PeakS3Feed.TestLake;

/// <summary>
/// The readers of Parquet files from npm, hyparquet and parquet-wasm, in one process that serves all tests: a process of its own for each file would
/// take longer than the reading. The process ends with the tests, when its standard input is closed.
/// </summary>
public sealed class NpmParquetReaders
{
    private readonly string _folder;
    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;

    /// <summary>Names the folder that <c>tests/servers/parquet.sh install</c> has filled.</summary>
    public NpmParquetReaders(string folder) => _folder = folder;

    /// <summary>The names of the readers.</summary>
    public static IReadOnlyList<string> Names { get; } = ["hyparquet", "parquet-wasm"];

    /// <summary>Whether the readers are installed.</summary>
    public bool AreInstalled => File.Exists(Path.Combine(_folder, "node_modules", ".package-lock.json"));

    /// <summary>Reads files. Returns the rows of each as JSON, with the values as <c>read.mjs</c> describes them.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> ReadAsync(string reader, IReadOnlyList<string> files)
    {
        await _turn.WaitAsync();
        try
        {
            _process ??= Start();
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { reader, files }));
            await _process.StandardInput.FlushAsync();
            var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The readers have ended.");
            using var answer = JsonDocument.Parse(line);
            if (answer.RootElement.TryGetProperty("error", out var error))
                throw new InvalidDataException($"{reader} cannot read {string.Join(", ", files)}: {error.GetString()}");
            return
            [
                .. answer.RootElement.GetProperty("rows").EnumerateArray()
                    .Select(f => (IReadOnlyList<string>)[.. f.EnumerateArray().Select(r => r.GetString()!)]),
            ];
        }
        finally
        {
            _turn.Release();
        }
    }

    private Process Start() => Process.Start(new ProcessStartInfo("node", [Path.Combine(_folder, "read.mjs"), "serve"])
    {
        UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
    })!;
}
