using System.CommandLine;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary>The base of all commands: it checks the store and prints errors.</summary>
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

    /// <summary>Whether the command may create a named store that is missing.</summary>
    protected virtual bool CreatesStore => false;

    /// <summary>Does the work and returns the exit code. May throw.</summary>
    protected abstract Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var verbose = parsed.GetValue(_common.Verbose);
        // An absolute path, so that suggested commands name the same store in any folder.
        var store = parsed.GetValue(_common.Store) is { } given ? Path.GetFullPath(given) : null;
        var errors = new ErrorPrinter(Host.Error, store, verbose);
        try
        {
            // A named store must exist. The user's own store may be unknown, and the command may not need it.
            if (!CreatesStore && (store is not null || !string.IsNullOrWhiteSpace(Host.Environment(StorePaths.HomeVariable))))
                StorePaths.Resolve(store, Host.Environment).Existing();
            return await ExecuteAsync(new CommandContext(Host, errors, store, CreatesStore, verbose), parsed, cancellationToken);
        }
        catch (Exception error)
        {
            errors.Print(error);
            return ExitCodes.From(error);
        }
    }
}
