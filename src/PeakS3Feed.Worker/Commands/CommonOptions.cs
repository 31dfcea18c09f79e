using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary>The options of every command.</summary>
internal sealed class CommonOptions
{
    public CommonOptions() => Store.Validators.Add(result =>
    {
        // An empty variable in a shell must not select the user's own store.
        if (result.Tokens is [{ Value: var path }] && string.IsNullOrWhiteSpace(path))
            result.AddError("--store names no folder.");
    });

    public Option<string?> Store { get; } = new("--store")
    {
        Description = "The store: the folder of definitions, runs and the local database. Default: PEAKS3FEED_HOME, otherwise the user's own.",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show the log and stack traces.",
        Recursive = true,
    };
}
