using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;
using Spectre.Console;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints past runs and their rejects.</summary>
internal static class HistoryPrinter
{
    public static void Print(Screen screen, IReadOnlyList<S3FeedRun> runs)
    {
        if (runs.Count == 0)
        {
            screen.Line("There are no runs yet.");
            return;
        }
        var table = Tables.Of("Run", "Feed", "Started, UTC", "Status", "#Objects", "#Rows", "#Rejects", "#Time");
        foreach (var run in runs)
        {
            table.AddRow(
                new Text(Quantities.Short(run.Id)), new Text(run.FeedName), new Text(Quantities.Moment(run.StartedAt)), new Text(Quantities.Status(run.Status), Styles.Of(run.Status)),
                new Text(Quantities.Count(run.ObjectsLoaded)), new Text(Quantities.Count(run.RowsLoaded)), new Text(Quantities.Count(run.RowsRejected)),
                new Text(run.Duration is { } time ? Quantities.Duration(time) : ""));
        }
        screen.Write(table);
        foreach (var run in runs.Where(r => r.Error is not null))
            screen.Line($"{Quantities.Short(run.Id)}: {run.Error}");
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
        if (printed == 0)
            screen.Line($"Run {run.Id} of feed {run.FeedName} rejected no row.");
        else if (printed < run.RowsRejected)
            screen.Line($"and {Quantities.Count(run.RowsRejected - printed)} more, of which only the number is kept");
    }
}
