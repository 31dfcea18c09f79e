using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker;

/// <summary>The program's environment.</summary>
/// <param name="Out">The output for results.</param>
/// <param name="Error">The output for progress, warnings and errors.</param>
/// <param name="OpenInput">Opens standard input.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="Time">The clock.</param>
internal sealed record WorkerHost(Screen Out, Screen Error, Func<Stream> OpenInput, Func<string, string?> Environment, TimeProvider Time)
{
    /// <summary>Whether a person can be asked.</summary>
    public bool CanAsk { get; init; }

    /// <summary>The process's own console and environment.</summary>
    public static WorkerHost FromProcess() => new(
        new Screen(Console.Out, Console.IsOutputRedirected),
        new Screen(Console.Error, Console.IsErrorRedirected),
        Console.OpenStandardInput,
        System.Environment.GetEnvironmentVariable,
        TimeProvider.System)
    {
        CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
    };
}
