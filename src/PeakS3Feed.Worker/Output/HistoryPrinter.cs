using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;
using Spectre.Console;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints past runs and their rejects.</summary>
internal static class HistoryPrinter
{
    public static void Print(Screen screen, IReadOnlyList<S3FeedRun> runs, bool listWarnings = true)
    {
        if (runs.Count == 0)
        {
            screen.Line("There are no runs yet.");
            return;
        }
        var table = Tables.Create("Run", "Feed", "Started, UTC", "Status", "#Objects", "#Rows", "#Rejects", "#Time");
        foreach (var run in runs)
        {
            table.AddRow(
                new Text(Quantities.Short(run.Id)),
                new Text(run.FeedName),
                new Text(Quantities.Moment(run.StartedAt)),
                new Text(Quantities.Status(run), Styles.Find(run.Status)),
                new Text(Quantities.Count(run.ObjectsLoaded)),
                new Text(Quantities.Count(run.RowsLoaded)),
                new Text(Quantities.Count(run.RowsRejected)),
                new Text(run.Duration is { } time ? Quantities.Duration(time) : ""));
        }
        screen.Write(table);
        foreach (var run in runs.Where(r => r.Error is not null))
            screen.Line($"{Quantities.Short(run.Id)}: {run.Error}");
        foreach (var run in runs.Where(r => listWarnings && r.WarningCount > 0))
        {
            var first = run.Warnings.Select(w => w.Text).FirstOrDefault();
            screen.Line($"{Quantities.Short(run.Id)}: {Quantities.Count(run.WarningCount, "warning")}. {first}", Styles.Warning);
        }
    }

    /// <summary>Prints all stored warnings of one run.</summary>
    public static async Task PrintAsync(Screen screen, ErrorPrinter errors, S3FeedRun run, IAsyncEnumerable<FeedWarning> warnings)
    {
        var printed = 0L;
        await foreach (var warning in warnings)
        {
            printed++;
            screen.Line($"warning: {warning.Text}", Styles.Warning);
            if (warning.Hint is { } hint)
                screen.Line(hint, indent: 2);
            errors.Next(screen, 4, warning.Remedies);
        }
        if (printed < run.WarningCount)
            screen.Line($"and {Quantities.Count(run.WarningCount - printed, "more warning")}, of which the history keeps only the number");
    }

    public static async Task PrintAsync(Screen screen, S3FeedRun run, IAsyncEnumerable<Reject> rejects, bool verbose)
    {
        var printed = 0L;
        await foreach (var reject in rejects)
        {
            printed++;
            screen.Line($"{reject.Position}{(verbose ? $", byte {Quantities.Count(reject.Position.ByteOffset)}" : "")}: {reject.Reason}");
            if (reject.RawText is { } text)
                screen.Verbatim(text, indent: 4);
        }
        var files = run.ObjectsFailed > 0 ? $"; it left out {Quantities.Count(run.ObjectsFailed, "whole file")}, which its warnings name" : "";
        if (printed == 0)
            screen.Line($"Run {run.Id} of feed {run.FeedName} rejected no row{files}.");
        else if (printed < run.RowsRejected)
            screen.Line($"and {Quantities.Count(run.RowsRejected - printed)} more, of which the history keeps only the number");
    }
}
