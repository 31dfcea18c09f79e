using System.CommandLine;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary>What all commands share: an engine to work with, and errors printed the same way.</summary>
internal abstract class WorkerCommand : Command
{
    private readonly CommonOptions _common;

    protected WorkerCommand(WorkerHost host, CommonOptions common, string name, string description)
        : base(name, description)
    {
        Host = host;
        _common = common;
        SetAction(InvokeAsync);
    }

    protected WorkerHost Host { get; }

    /// <summary>Whether the command may make a store that is named and missing.</summary>
    protected virtual bool MakesStore => false;

    /// <summary>Does the work and gives the exit code; errors may come through.</summary>
    protected abstract Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var verbose = parsed.GetValue(_common.Verbose);
        // Commands that are suggested mean the same store in any folder.
        var store = parsed.GetValue(_common.Store) is { } given ? Path.GetFullPath(given) : null;
        var errors = new ErrorPrinter(Host.Error, store is null ? "" : $" --store {CommandText.Shell(store)}", verbose);
        try
        {
            // Whatever the command does with a store that is named, the store must be there. The user's own may be unknown, and not needed.
            if (!MakesStore && (store is not null || !string.IsNullOrWhiteSpace(Host.Environment(StorePaths.HomeVariable))))
                StorePaths.Resolve(store, Host.Environment).Existing();
            return await ExecuteAsync(new CommandContext(Host, errors, store, MakesStore, verbose), parsed, cancellationToken);
        }
        catch (Exception error)
        {
            errors.Print(error);
            return ExitCodes.Of(error);
        }
    }
}
