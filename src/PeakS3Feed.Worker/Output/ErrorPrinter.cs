using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints an error: what happened, where, how to fix it, and the next command.</summary>
/// <param name="screen">The error output.</param>
/// <param name="store">The store that <c>--store</c> names, which the suggested commands name, too; null if the option was not given.</param>
/// <param name="verbose">Whether to print stack traces.</param>
internal sealed class ErrorPrinter(Screen screen, string? store, bool verbose)
{
    public void Print(Exception error)
    {
        if (error is FeedException known)
            Print(known);
        else if (error is OperationCanceledException)
            screen.Line("stopped: The command did nothing more.", Styles.Warning);
        else
            Unexpected(error);
        if (verbose && error is not OperationCanceledException)
            screen.VerbatimLines(error.ToString());
    }

    /// <summary>Prints a warning.</summary>
    public void Warn(string text) => screen.Line($"warning: {text}", Styles.Warning);

    /// <summary>Prints a warning of a run or plan: what happened, where, what to do, and the next command.</summary>
    public void Print(FeedWarning warning)
    {
        Warn(warning.Text);
        if (warning.Hint is { } hint)
            screen.Line(hint, indent: 2);
        Next(warning.Remedies);
    }

    /// <summary>Prints the warnings of a run, and how many more there are.</summary>
    public void PrintWarnings(S3FeedRun run)
    {
        foreach (var warning in run.Warnings)
            Print(warning);
        if (run.WarningCount > run.Warnings.Count)
        {
            Warn($"The run has {Quantities.Count(run.WarningCount - run.Warnings.Count, "more warning")}.");
            Next(Remedy.ShowRun(run.Id));
        }
    }

    /// <summary>Prints the next commands.</summary>
    public void Next(params IEnumerable<Remedy> remedies) => Next(screen, indent: 4, remedies);

    /// <summary>Prints the next commands to another output.</summary>
    public void Next(Screen target, int indent, IEnumerable<Remedy> remedies)
    {
        foreach (var command in remedies.Where(r => r.Shell is not null).Select(Command))
            target.Verbatim(command, indent);
    }

    /// <summary>
    /// Returns a command for a shell, with the store if <c>--store</c> names one; the cmdlet where the program has no such command.
    /// </summary>
    public string Command(Remedy remedy)
    {
        var command = store is null ? remedy : remedy.OnStore(store);
        return command.Shell ?? command.Cmdlet;
    }

    private void Print(FeedException error)
    {
        var stopped = error.Category == FeedErrorCategory.OperationStopped;
        screen.Line($"{(stopped ? "stopped" : "error")}: {Sentence(error)}", stopped ? Styles.Warning : Styles.Error);
        if (Service(error) is { } service)
            screen.Line(service, indent: 2);
        if (error.Hint is { } hint)
            screen.Line(hint, indent: 2);
        Next(error.Remedies);
    }

    private void Unexpected(Exception error)
    {
        screen.Line($"error: {error.Message.TrimEnd('.')}.", Styles.Error);
        if (!verbose)
            screen.Line("This error is unexpected. A bug report needs the stack trace, which --verbose shows.", indent: 2);
    }

    private static string Sentence(FeedException error)
        => error.Position is { } position && !error.Message.Contains(position.ObjectUri, StringComparison.Ordinal)
            ? $"{position}: {error.Message}"
            : error.Message;

    private static string? Service(FeedException error) => (error.ServiceCode, error.RequestId) switch
    {
        (null, null) => null,
        (null, { } id) => $"Request id {id}.",
        ({ } code, null) => $"The service's code is {code}.",
        ({ } code, { } id) => $"The service's code is {code}, request id {id}.",
    };
}
