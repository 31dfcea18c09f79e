using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker;

/// <summary>What the program finds around it.</summary>
/// <param name="Out">Results go here.</param>
/// <param name="Error">Progress, warnings and errors go here.</param>
/// <param name="OpenInput">Opens standard input.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="Time">The clock.</param>
internal sealed record WorkerHost(Screen Out, Screen Error, Func<Stream> OpenInput, Func<string, string?> Environment, TimeProvider Time)
{
    /// <summary>Whether there is a person to ask.</summary>
    public bool CanAsk { get; init; }

    /// <summary>The process's own console and environment.</summary>
    public static WorkerHost OfProcess() => new(
        Screen.Of(Console.Out, Console.IsOutputRedirected),
        Screen.Of(Console.Error, Console.IsErrorRedirected),
        Console.OpenStandardInput,
        System.Environment.GetEnvironmentVariable,
        TimeProvider.System)
    {
        CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
    };
}
