using System.Diagnostics;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Store;

/// <summary>A process of PeakS3Feed.StoreWriter and the lines it has acknowledged.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<List<string>> _lines;
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriterProcess(params string[] arguments)
        : this(new Dictionary<string, string>(StringComparer.Ordinal), arguments)
    {
    }

    /// <param name="environment">Variables of the process.</param>
    /// <param name="arguments">Its arguments.</param>
    public WriterProcess(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // The writer is built beside this test project, with the same configuration.
        var output = Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../../.."), AppContext.BaseDirectory);
        var program = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "../../../../PeakS3Feed.StoreWriter", output, "PeakS3Feed.StoreWriter.dll"));
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(program).Prepend("exec")) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        Errors = _process.StandardError.ReadToEndAsync();
        _lines = ReadAsync();
    }

    public Task<string> Errors { get; }

    public int Id => _process.Id;

    public Task<string> FirstLine => _first.Task.WaitAsync(TestLimits.Hang);

    public void Kill() => _process.Kill();

    public async Task<List<string>> EndAsync()
    {
        await _process.WaitForExitAsync();
        return await _lines;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task<List<string>> ReadAsync()
    {
        var lines = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            _first.TrySetResult(line);
        }

        _first.TrySetException(new InvalidOperationException("The writer ended without a line. " + await Errors));
        return lines;
    }
}
