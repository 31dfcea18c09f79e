using System.Diagnostics;
using System.Globalization;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Runs processes and measures them: wall time here, the rest by GNU time from the kernel's account (wait4).</summary>
internal static class ProcessRunner
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Runs a command and returns its standard output; throws with its error output if it fails.</summary>
    public static async Task<string> RunAsync(Command command)
    {
        var start = Start(command.Processors is null ? command.File : "taskset");
        if (command.Processors is { } processors)
            Add(start, "-c", processors, command.File);
        Finish(start, command);
        return await RunAsync(start, command);
    }

    /// <summary>Runs and measures a command.</summary>
    public static async Task<Measurement> MeasureAsync(Command command, IServerMeter? server = null)
    {
        var account = Path.GetTempFileName();
        try
        {
            var start = Start("/usr/bin/time");
            Add(start, "-q", "-f", "%U %S %M", "-o", account);
            if (command.Processors is { } processors)
                Add(start, "taskset", "-c", processors);
            Add(start, command.File);
            Finish(start, command);
            using var watch = server?.Begin();
            var busy = Machine.BusySeconds();
            var began = Stopwatch.GetTimestamp();
            var output = await RunAsync(start, command);
            var wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
            busy = Machine.BusySeconds() - busy;
            var cost = watch is null ? null : await watch.EndAsync();
            var fields = (await File.ReadAllTextAsync(account)).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            return new(wall, Number(fields[0]) + Number(fields[1]), (long)Number(fields[2]), cost, busy, output);
        }
        finally
        {
            File.Delete(account);
        }
    }

    private static async Task<string> RunAsync(ProcessStartInfo start, Command command)
    {
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command.File} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new BenchException($"{Describe(command)} took longer than {Limit.TotalMinutes:0} minutes.");
        }

        if (process.ExitCode != 0)
            throw new BenchException($"{Describe(command)} ended with {process.ExitCode}: {(await errors).Trim()} {(await output).Trim()}");
        return await output;
    }

    private static ProcessStartInfo Start(string file) => new(file)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static void Finish(ProcessStartInfo start, Command command)
    {
        Add(start, [.. command.Arguments]);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
    }

    private static void Add(ProcessStartInfo start, params ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
    }

    private static string Describe(Command command) => Path.GetFileName(command.File) + " " + string.Join(' ', command.Arguments.Take(4));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
