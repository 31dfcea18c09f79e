using System.Diagnostics;
using System.Globalization;

namespace PeakS3Feed.Bench.Suite;

/// <summary>The fake S3 server, in a process of its own (<see cref="S3.FakeServer"/>, <see cref="S3.NetworkServer"/>).</summary>
internal sealed class FakeS3Process : IDisposable, IServerMeter
{
    private readonly Process _process;

    private FakeS3Process(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    /// <param name="program">The program: <c>fake-s3</c> or <c>network-s3</c>.</param>
    public static async Task<FakeS3Process> StartAsync(string program = "fake-s3")
    {
        var start = new ProcessStartInfo(BenchContext.Self, [program]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
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

    /// <summary>Sets the network of <see cref="S3.NetworkServer"/>. Returns its figures since the last call.</summary>
    /// <param name="delay">The milliseconds to the first byte of an answer.</param>
    /// <param name="rate">The bytes that a connection carries in a second; 0 for no limit.</param>
    public async Task<string> SetNetworkAsync(int delay, long rate)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{delay} {rate}"));
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? "";
    }

    public IServerWatch Begin() => new Watch(this);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
    }

    private double Cpu()
    {
        _process.Refresh();
        return _process.TotalProcessorTime.TotalSeconds;
    }

    private sealed class Watch(FakeS3Process server) : IServerWatch
    {
        private readonly double _before = server.Cpu();

        public Task<ServerCost> EndAsync() => Task.FromResult(new ServerCost(server.Cpu() - _before, PeakKiB: null));

        public void Dispose()
        {
        }
    }
}
