using System.Globalization;
using System.Text;
using PeakS3Feed.Runs;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Wording;

/// <summary>Creates the texts of messages.</summary>
internal static class WatcherText
{
    /// <summary>Describes an event of a run, in one line.</summary>
    public static string Summarize(WatcherEvent what, S3FeedRun run, TimeSpan? longerThan, DateTimeOffset now) => VisibleText.Escape(what switch
    {
        WatcherEvent.RunFailed => $"Feed {run.FeedName} failed: {Sentence(run.Error ?? "the reason is unknown")}",
        WatcherEvent.RunSucceeded => $"Feed {run.FeedName} succeeded: {Quantities.Count(run.RowsLoaded, "row")} of "
            + $"{Quantities.Count(run.ObjectsLoaded, "object")} loaded{Except(run)}.",
        WatcherEvent.Rejects => $"Feed {run.FeedName} could not load {Rejected(run)}.",
        _ => run.EndedAt is null
            ? $"Feed {run.FeedName} has been running for {Quantities.Duration(now - run.StartedAt)}, "
                + $"longer than {Quantities.Duration(longerThan ?? default)}."
            : $"Feed {run.FeedName} ran for {Quantities.Duration(run.Duration!.Value)}, longer than {Quantities.Duration(longerThan ?? default)}.",
    });

    /// <summary>Says that nothing arrived by a time.</summary>
    /// <param name="feed">The feed's name.</param>
    /// <param name="by">The local time.</param>
    /// <param name="zone">The time zone of the local time.</param>
    public static string NothingArrived(string feed, DateTime by, string zone)
        => string.Create(CultureInfo.InvariantCulture, $"Nothing arrived for feed {feed} by {by:HH:mm} on {by:dddd yyyy-MM-dd} ({zone}).");

    /// <summary>The text of a test message.</summary>
    public static string Test(S3FeedWatcher watcher)
        => $"This is a test: watcher {watcher.Name} reaches you. It notifies of {(watcher.WatchesAll ? "all feeds" : $"feed {watcher.FeedName}")}.";

    /// <summary>Returns the full text of a message.</summary>
    public static string Format(WatcherMessage message)
    {
        var text = new StringBuilder().Append(message.Summary).Append('\n');
        if (message.Run is { } run)
            Append(text, run);
        if (message.Run?.Warnings is { } warnings)
            Append(text, warnings, message.Run.WarningCount);
        if (message.Rejects.Count > 0)
        {
            var all = message.Run?.RowsRejected;
            text.Append('\n')
                .Append(message.Rejects.Count < all ? $"The first {message.Rejects.Count} of {Quantities.Count(all.Value, "reject")}:" : "Rejects:")
                .Append('\n');
            foreach (var reject in message.Rejects)
                {
                    var column = reject.Column is null ? "" : $", {reject.Column}";
                    var line = $"{reject.Object}, line {Quantities.Count(reject.Line)}{column}: {reject.Reason}";
                    text.Append("  ").Append(VisibleText.Escape(line)).Append('\n');
                }
        }
        if (message.Run?.Hint is { } hint)
            text.Append('\n').Append(VisibleText.Escape(hint)).Append('\n');
        if (message.Commands.Count > 0)
            text.Append("\nFor details, in PowerShell or a shell:\n");
        foreach (var command in message.Commands)
            {
                text.Append("  ").Append(VisibleText.Escape(command.PowerShell)).Append('\n');
                if (command.Shell is not null)
                    text.Append("  ").Append(VisibleText.Escape(command.Shell)).Append('\n');
            }
        return text.Append("\nWatcher ").Append(message.Watcher).Append(" of PeakS3Feed\n").ToString();
    }

    private static void Append(StringBuilder text, WatchedRun run)
    {
        var time = run.Seconds is { } seconds ? $", {Quantities.Duration(TimeSpan.FromSeconds(seconds))}" : "";
        var status = Quantities.Status(Enum.Parse<RunStatus>(run.Status), run.RowsRejected);
        text.Append('\n')
            .Append(CultureInfo.InvariantCulture, $"Run {Quantities.Short(run.Id)} on {VisibleText.Escape(run.Host)}: {status}; ")
            .Append(CultureInfo.InvariantCulture, $"started {Quantities.Moment(run.StartedAt)} UTC{time}\n")
            .Append(CultureInfo.InvariantCulture, $"Objects: {Quantities.Count(run.ObjectsPlanned)} planned, ")
            .Append(CultureInfo.InvariantCulture, $"{Quantities.Count(run.ObjectsLoaded)} loaded, {Quantities.Count(run.ObjectsFailed)} skipped\n")
            .Append(CultureInfo.InvariantCulture, $"Rows: {Quantities.Count(run.RowsRead)} read, ")
            .Append(CultureInfo.InvariantCulture, $"{Quantities.Count(run.RowsLoaded)} loaded, {Quantities.Count(run.RowsRejected)} rejected\n");
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> warnings, long all)
    {
        text.Append('\n')
            .Append(warnings.Count < all ? $"The first {warnings.Count} of {Quantities.Count(all, "warning")}:" : "Warnings:")
            .Append('\n');
        foreach (var warning in warnings)
            text.Append("  ").Append(VisibleText.Escape(warning)).Append('\n');
    }

    private static string Except(S3FeedRun run) => run.RowsRejected > 0 || run.ObjectsFailed > 0 ? $", except {Rejected(run)}" : "";

    private static string Rejected(S3FeedRun run) => EnglishList.Join(
    [
        .. run.RowsRejected > 0 ? [Quantities.Count(run.RowsRejected, "row")] : Array.Empty<string>(),
        .. run.ObjectsFailed > 0 ? [Quantities.Count(run.ObjectsFailed, "object")] : Array.Empty<string>(),
    ]);

    private static string Sentence(string error) => error.TrimEnd('.') + ".";
}
