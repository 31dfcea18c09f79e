using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary>The options that every command takes.</summary>
internal sealed class CommonOptions
{
    public CommonOptions() => Store.Validators.Add(result =>
    {
        // A shell that puts in a variable without a value would mean the user's own store.
        if (result.Tokens is [{ Value: var path }] && string.IsNullOrWhiteSpace(path))
            result.AddError("--store names no folder.");
    });

    public Option<string?> Store { get; } = new("--store")
    {
        Description = "The folder of definitions, runs and the local database. Without it: PEAKS3FEED_HOME, else the user's own.",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show what is being done, and stack traces.",
        Recursive = true,
    };
}
