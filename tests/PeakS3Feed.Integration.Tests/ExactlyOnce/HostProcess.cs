using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A process that runs a feed.</summary>
public sealed partial class HostProcess : IDisposable
{
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private HostProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts <c>PROGRAM run orders --store DIR …</c>; a program that ends in .dll is run by dotnet.</summary>
    public static HostProcess Start(TestStore store, string? program = null, params string[] options) => Start(store, program, null, options);

    /// <summary>Starts a process with another folder for temporary files.</summary>
    public static HostProcess StartWithTemporary(TestStore store, string temporary) => Start(store, null, temporary, []);

    public static HostProcess StartKilledAt(TestStore store, CommitStep step, int occurrence = 1, string? temporary = null)
        => Start(store, null, temporary, ["--kill-at", $"{step}:{occurrence}"]);

    public static HostProcess StartStoppedAt(TestStore store, CommitStep step, int occurrence = 1) => Start(store, null, "--stop-at", $"{step}:{occurrence}");

    private static HostProcess Start(TestStore store, string? program, string? temporary, string[] options)
    {
        program ??= Programs.CrashHost;
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (program.EndsWith(".dll", StringComparison.Ordinal))
        {
            start.FileName = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
            start.ArgumentList.Add(program);
        }
        else
        {
            start.FileName = program;
        }
        foreach (var argument in new[] { "run", TestStore.FeedName, "--store", store.Path }.Concat(options))
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (temporary is not null)
            start.Environment["TMPDIR"] = temporary;
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the process is gone: one that was killed may be seen for two seconds more.</summary>
    public async Task<HostExit> WaitAsync()
    {
        using var patience = new CancellationTokenSource(TestLimits.Hang);
        await _process.WaitForExitAsync(patience.Token);
        return new HostExit(_process.ExitCode, await _output, await _errors);
    }

    /// <summary>SIGKILL.</summary>
    public async Task<HostExit> KillAsync()
    {
        _ = Signal(_process.Id, SigKill);
        return await WaitAsync();
    }

    /// <summary>SIGCONT.</summary>
    public void Continue() => _ = Signal(_process.Id, SigContinue);

    /// <summary>Waits until the process stands still.</summary>
    public async Task StoppedAsync()
    {
        await TestLimits.UntilAsync(() => _process.HasExited || StandsStill(), "stop of the process");
        if (_process.HasExited)
            throw new InvalidOperationException($"The process ended before it stopped: {await WaitAsync()}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _ = Signal(_process.Id, SigKill);
        _process.Dispose();
    }

    private bool StandsStill()
    {
        try
        {
            var status = File.ReadAllText($"/proc/{_process.Id}/stat");
            return status[(status.LastIndexOf(')') + 2)..].StartsWith('T');
        }
        catch (IOException)
        {
            return false; // it has just ended
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}

/// <summary>How a process ended.</summary>
public sealed record HostExit(int Code, string Output, string Errors)
{
    public bool WasKilled => Code == 137;

    public string Status => Run("status")!;

    public string? ErrorId => Run("errorId");

    public override string ToString() => $"exit code {Code}\n{Output}\n{Errors}";

    private string? Run(string name)
    {
        using var run = JsonDocument.Parse(Output);
        return run.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
