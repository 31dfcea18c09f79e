using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>Types commands in one pwsh, which has imported the packaged module. Starting one for each command would take a second each.</summary>
public sealed partial class PowerShellSession : IAsyncLifetime
{
    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;

    private static string Module => Environment.GetEnvironmentVariable("PEAKS3FEED_MODULE") is { Length: > 0 } given
        ? given
        : Path.Combine(Programs.Repository, "out", "PeakS3Feed");

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Path.Combine(Module, "PeakS3Feed.psd1")), $"There is no module in {Module}: bash tools/build.sh lays it out.");
        await StartAsync();
    }

    public Task DisposeAsync()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.Dispose();
        _turn.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Types one command.</summary>
    /// <param name="command">The command, as printed.</param>
    /// <param name="variables">Variables of the session.</param>
    /// <param name="confirms">Whether the person is asked, and says yes.</param>
    internal async Task<Answer> TypeAsync(string command, IReadOnlyDictionary<string, string?> variables, bool confirms)
    {
        await _turn.WaitAsync();
        try
        {
            if (_process is null)
                await StartAsync();
            await _process!.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { Command = command, Variables = variables, Confirms = confirms }));
            await _process.StandardInput.FlushAsync();
            var said = JsonSerializer.Deserialize<Said>(await LineAsync())!;
            var messages = said.Errors.Select(e => e.Message).Concat(said.Warnings).ToList();
            return new(
                said.Errors.Length == 0, [.. said.Errors.Select(e => e.Id)], string.Join('\n', [.. messages, said.Output]),
                [.. messages.SelectMany(Suggested), .. Listed().Matches(said.Output).Select(m => m.Groups["command"].Value.Trim())]);
        }
        catch (OperationCanceledException e)
        {
            // Its answer would be taken for that of the next command.
            _process!.Kill(entireProcessTree: true);
            _process = null;
            throw new TimeoutException($"{command} does not end", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task StartAsync()
    {
        var start = new ProcessStartInfo("pwsh", ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Remedies", "Session.ps1"), Module])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["NO_COLOR"] = "1";
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Fail("There is no pwsh on the PATH, and suggested commands are typed in it.");
        }
        Assert.Equal("ready", await LineAsync());
    }

    private static IEnumerable<string> Suggested(string message) => Next().Match(message) is { Success: true } next ? next.Groups["commands"].Value.Split(", or: ") : [];

    private async Task<string> LineAsync()
    {
        using var limit = new CancellationTokenSource(TestLimits.Hang);
        return await _process!.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("pwsh ended");
    }

    [GeneratedRegex(@"(Next: |: (?=[A-Z][a-z]+-S3))(?<commands>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();

    // In a list view.
    [GeneratedRegex(@"^Next +: (?<command>[A-Z][a-z]+-S3.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listed();

    private sealed record Said(SaidError[] Errors, string[] Warnings, string Output);

    private sealed record SaidError(string Id, string Message);
}
