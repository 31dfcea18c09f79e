using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Worker;

/// <summary>The built program, run as a process of its own with both outputs redirected.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan SamplePause = TimeSpan.FromMilliseconds(10);
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task<string> _output;
    private readonly Task _errors;

    private WorkerProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = ReadErrorsAsync();
    }

    /// <param name="store">The store.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="environment">Further variables; null takes one away.</param>
    public static WorkerProcess Start(string store, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // A test run in the background may have been started with SIGINT ignored, which a child inherits.
        List<string> command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT,TERM", Programs.Worker] : [Programs.Worker];
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["PEAKS3FEED_HOME"] = store;
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            start.Environment[name] = value;
        var process = new WorkerProcess(Process.Start(start)!);
        process._process.StandardInput.Write(input);
        process._process.StandardInput.Close();
        return process;
    }

    public static async Task<WorkerResult> RunAsync(
        string store, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = Start(store, arguments, input, environment);
        return await process.EndAsync();
    }

    /// <summary>Waits until it says something on standard error.</summary>
    public async Task SaysAsync(string text)
    {
        await TestLimits.UntilAsync(
            () =>
            {
                if (Said().Contains(text, StringComparison.Ordinal))
                    return true;
                Assert.False(_process.HasExited && _errors.IsCompleted && !Said().Contains(text, StringComparison.Ordinal), $"it ended without saying \"{text}\": {Said()}");
                return false;
            },
            $"line with \"{text}\"");
    }

    /// <summary>Waits until it has said a line on standard error that holds a text, and gives what follows that text on the line.</summary>
    public async Task<string> SaysAfterAsync(string text)
    {
        await SaysAsync(text);
        await TestLimits.UntilAsync(() => Rest().Contains('\n', StringComparison.Ordinal), $"end of the line with \"{text}\"");
        return Rest().Split('\n')[0].TrimEnd('\r');

        string Rest() => Said() is var said ? said[(said.IndexOf(text, StringComparison.Ordinal) + text.Length)..] : "";
    }

    /// <summary>When the process began.</summary>
    public DateTime StartedAt => _process.StartTime.ToUniversalTime();

    /// <summary>Waits until the process has used some processor time. Unlike a pause, this is the same amount of its work on a slow machine.</summary>
    public Task WorksAsync(TimeSpan processorTime)
    {
        var before = Used();
        return TestLimits.UntilAsync(() => _process.HasExited || Used() - before >= processorTime, "work of the process");
    }

    /// <summary>Waits for the end, and gives the processor time that the process used until then, to within some milliseconds.</summary>
    public async Task<(WorkerResult Result, TimeSpan Used)> EndAndMeasureAsync()
    {
        var (before, last) = (Used(), TimeSpan.Zero);
        var ended = _process.WaitForExitAsync();
        await TestLimits.UntilAsync(
            async () =>
            {
                await Task.WhenAny(ended, Task.Delay(SamplePause));
                if (!ended.IsCompleted && Used() is var now && now > last)
                    last = now;
                return ended.IsCompleted;
            },
            "end of the process");
        return (await EndAsync(), last > before ? last - before : TimeSpan.Zero);
    }

    /// <summary>The process's resident memory, in bytes.</summary>
    public long Memory()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Ends it at once, as SIGKILL does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal: INT, TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<WorkerResult> EndAsync()
    {
        using var limit = new CancellationTokenSource(TestLimits.Hang);
        await _process.WaitForExitAsync(limit.Token);
        await _errors;
        var result = new WorkerResult(_process.ExitCode, (await _output).ReplaceLineEndings("\n"), Said().ReplaceLineEndings("\n"));
        Assert.DoesNotContain('\e', result.Output + result.Error);
        return result;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private TimeSpan Used()
    {
        try
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return TimeSpan.Zero; // it has just ended
        }
    }

    private string Said()
    {
        lock (_error)
            return _error.ToString();
    }

    private async Task ReadErrorsAsync()
    {
        var buffer = new char[1024];
        while (await _process.StandardError.ReadAsync(buffer) is var read and > 0)
        {
            lock (_error)
                _error.Append(buffer, 0, read);
        }
    }
}
