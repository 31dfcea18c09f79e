using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;
using Spectre.Console;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints the results of runs.</summary>
internal static class RunPrinter
{
    /// <summary>Creates what a process needs for its first summary, which takes 20 ms. A command may call this on another thread while feeds run.</summary>
    public static void Prepare() => PrintSummary(new Screen(TextWriter.Null, redirected: true), []);

    /// <summary>Prints a table of ended runs.</summary>
    public static void PrintSummary(Screen screen, IReadOnlyCollection<RunResult> results)
    {
        var table = Tables.Create("Run", "Feed", "Status", "#Objects", "#Rows", "#Rejects", "#Size", "#Time", "#Commits");
        foreach (var run in results.Select(r => r.Run))
        {
            table.AddRow(
                new Text(Quantities.Short(run.Id)),
                new Text(run.FeedName),
                new Text(Quantities.Status(run), Styles.Find(run.Status)),
                new Text(Quantities.Count(run.ObjectsLoaded)),
                new Text(Quantities.Count(run.RowsLoaded)),
                new Text(Quantities.Count(run.RowsRejected)),
                new Text(Quantities.Size(run.BytesRead)),
                new Text(Quantities.Duration(run.Duration ?? TimeSpan.Zero)),
                new Text(Quantities.Count(run.Commits)));
        }
        screen.Write(table);
        foreach (var run in results.Select(r => r.Run).Where(r => r.Destinations.Count > 1))
            screen.Line($"{Quantities.Short(run.Id)}: {string.Join("; ", run.Destinations.Select(Quantities.Standing))}");
    }

    /// <summary>Prints the error of a run, and what it left out.</summary>
    public static void PrintErrors(ErrorPrinter errors, RunResult result)
    {
        if (result.Error is { } error)
            errors.Print(error);
        errors.PrintWarnings(result.Run);
        if (result.FailedFileCount - result.FailedFiles.Count is > 0 and var more)
            errors.Warn($"{Quantities.Count(more, "more file")} left out; only the first {result.FailedFiles.Count} are listed.");
        if (result.Run is { Status: RunStatus.SucceededWithRejects, RowsRejected: > 0 } run)
        {
            errors.Warn($"{Quantities.Count(run.RowsRejected, "row")} of feed {run.FeedName} could not be loaded; the feed allows that.");
            errors.Next(Remedy.Rejects(run.FeedName));
        }
    }
}
