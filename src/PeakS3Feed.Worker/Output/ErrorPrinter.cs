using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints an error: what happened, where, how to mend it, what to type next.</summary>
/// <param name="screen">Where errors go.</param>
/// <param name="storeOption">The <c>--store</c> option that was given, which the commands to type next need too; empty when there was none.</param>
/// <param name="verbose">Whether stack traces are shown.</param>
internal sealed class ErrorPrinter(Screen screen, string storeOption, bool verbose)
{
    private const string Program = "peaks3feed";

    public void Print(Exception error)
    {
        if (error is FeedException known)
            Print(known);
        else if (error is OperationCanceledException)
            screen.Line("stopped: Nothing more was done.", Styles.Warning);
        else
            Unexpected(error);
        if (verbose && error is not OperationCanceledException)
            screen.VerbatimLines(error.ToString());
    }

    /// <summary>Something that is worth a look, and no failure.</summary>
    public void Warn(string text) => screen.Line($"warning: {text}", Styles.Warning);

    /// <summary>A warning of a run or plan: what happened, where, what to do, what to type next.</summary>
    public void Print(FeedWarning warning)
    {
        Warn(warning.Text);
        if (warning.Hint is { } hint)
            screen.Line(hint, indent: 2);
        Next(warning.Remedies);
    }

    /// <summary>The warnings of a run, and how many more there are.</summary>
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

    /// <summary>What to type next.</summary>
    public void Next(params IEnumerable<Remedy> remedies) => Next(screen, indent: 4, remedies);

    /// <summary>What to type next, on another screen.</summary>
    public void Next(Screen target, int indent, IEnumerable<Remedy> remedies)
    {
        foreach (var command in remedies.Select(r => r.Shell).OfType<string>())
            target.Verbatim(Command(command), indent);
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
        => error.Position is { } position && !error.Message.Contains(position.ObjectUri, StringComparison.Ordinal) ? $"{position}: {error.Message}" : error.Message;

    private static string? Service(FeedException error) => (error.ServiceCode, error.RequestId) switch
    {
        (null, null) => null,
        (null, { } id) => $"Request id {id}.",
        ({ } code, null) => $"The service's code is {code}.",
        ({ } code, { } id) => $"The service's code is {code}, request id {id}.",
    };

    private string Command(string command)
        => command.StartsWith(Program + " ", StringComparison.Ordinal) ? $"{Program}{storeOption}{command[Program.Length..]}" : command;
}
