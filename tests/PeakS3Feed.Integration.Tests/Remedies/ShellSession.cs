using System.Diagnostics;
using System.Text.RegularExpressions;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>Types commands in bash, with the built program on the PATH.</summary>
internal static partial class ShellSession
{
    /// <summary>Types one command.</summary>
    /// <param name="command">The command, as printed.</param>
    /// <param name="variables">Variables of the session.</param>
    /// <param name="confirms">Whether the person is asked, and says yes: the command then gets a terminal.</param>
    public static async Task<Answer> TypeAsync(string command, IReadOnlyDictionary<string, string?> variables, bool confirms)
    {
        List<string> arguments = confirms ? ["script", "-qec", command, "/dev/null"] : ["bash", "-c", command];
        var start = new ProcessStartInfo(arguments[0], arguments[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        if (variables.TryGetValue("PWD", out var folder))
            start.WorkingDirectory = folder;
        start.Environment["SHELL"] = "/bin/bash";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0"; // the programs live too short to gain from it
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Programs.Worker)}{Path.PathSeparator}{start.Environment["PATH"]}";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (confirms)
            await process.StandardInput.WriteAsync("y\n");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TestLimits.Hang);
        await process.WaitForExitAsync(limit.Token);
        var text = (await output + await error).ReplaceLineEndings("\n");
        return new(process.ExitCode == 0, [], text, [.. Command().Matches(text).Select(m => m.Groups["command"].Value)]);
    }

    // Commands stand alone on lines that are set off by four columns.
    [GeneratedRegex(@"^ {4,}(?<command>(peaks3feed|aws|openssl|cp|mv) .*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();
}
