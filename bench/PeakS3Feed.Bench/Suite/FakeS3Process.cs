using System.Diagnostics;
using System.Globalization;

namespace PeakS3Feed.Bench.Suite;

/// <summary>The fake S3 server, in a process of its own (<see cref="S3.FakeServer"/>).</summary>
internal sealed class FakeS3Process : IDisposable
{
    private readonly Process _process;

    private FakeS3Process(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    public static async Task<FakeS3Process> StartAsync()
    {
        var start = new ProcessStartInfo(BenchContext.Self, ["fake-s3"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new BenchException("The fake S3 server did not start.");
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new BenchException("The fake S3 server did not say its URL.");
        return new(process, url);
    }

    /// <summary>Sets the number of objects in its listing.</summary>
    public async Task ListAsync(int count)
    {
        await _process.StandardInput.WriteLineAsync(count.ToString(CultureInfo.InvariantCulture));
        await _process.StandardInput.FlushAsync();
        await _process.StandardOutput.ReadLineAsync();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
    }
}
