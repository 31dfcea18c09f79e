using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What keeps a load from being committed.</summary>
internal static class CommitErrors
{
    public static FeedException AlreadyRunning(LoadTarget target, RunHolder? holder)
        => new("FeedAlreadyRunning", FeedErrorCategory.ResourceBusy,
            $"Feed {target.FeedName} is being loaded into \"{target.Table}\" by {holder?.ToString() ?? "another run"}.")
        {
            Target = target.FeedName,
            Hint = "Wait for that run to end, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Overtaken(LoadTarget target, RunHolder? holder)
        => new("RunOvertaken", FeedErrorCategory.OperationStopped,
            $"This run of feed {target.FeedName} stopped before its next commit, because {holder?.ToString() ?? "a newer run"} has taken over.")
        {
            Target = target.FeedName,
            Hint = "Nothing is lost and nothing is loaded twice; the newer run continues after the last commit.",
            Remedies = [Remedy.Plan(target.FeedName)],
        };

    public static FeedException TableKeepsChanging(LoadTarget target, int inspections)
        => new("TableKeepsChanging", FeedErrorCategory.ResourceBusy,
            $"Table \"{target.Table}\" changed {inspections} times while feed {target.FeedName} was about to commit; nothing was committed.")
        {
            Target = target.FeedName,
            Hint = "Find the program that alters or replaces the table, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException RowCountDiffers(LoadTarget target, long sent, long taken)
        => new("RowCountDiffers", FeedErrorCategory.InvalidData,
            $"The destination took {taken} of the {CountText.Format(sent, "row")} sent to \"{target.Table}\", so nothing was committed.")
        {
            Target = target.FeedName,
            Hint = "Look for a trigger or rule on the table that drops or adds rows.",
        };

    public static FeedException WouldEmptyTable(LoadTarget target)
        => new("WouldEmptyTable", FeedErrorCategory.InvalidData,
            $"The source of feed {target.FeedName} has no rows now, and replacing \"{target.Table}\" would empty it; the table is unchanged.")
        {
            Target = target.FeedName,
            Hint = "Set AllowEmpty if the table may become empty.",
            Remedies = [Remedy.SetFeed(target.FeedName, "AllowEmpty", on: true), Remedy.Plan(target.FeedName)],
        };

    /// <summary>No object matches the feed any more.</summary>
    /// <param name="target">The feed and its table.</param>
    /// <param name="instead">What there is instead, in sentences, or null.</param>
    /// <param name="nearest">The commands for the nearest thing that would match.</param>
    public static FeedException WouldEmptyTable(LoadTarget target, string? instead, IReadOnlyList<Remedy> nearest)
    {
        if (instead is null)
            return WouldEmptyTable(target);
        return new(
            "WouldEmptyTable", FeedErrorCategory.InvalidData,
            $"No object matches feed {target.FeedName} now, and replacing \"{target.Table}\" would empty it; the table is unchanged. {instead}")
        {
            Target = target.FeedName,
            Hint = "Set AllowEmpty if the table may become empty.",
            Remedies = [.. nearest, Remedy.Plan(target.FeedName)],
        };
    }

    /// <summary>The rows that would replace the table's are all rejected.</summary>
    public static FeedException OnlyRejects(LoadTarget target, long rejects)
        => new("WouldEmptyTable", FeedErrorCategory.InvalidData,
            $"{(rejects == 1 ? "The only row" : $"All {rejects} rows")} of the source of feed {target.FeedName} "
                + $"{(rejects == 1 ? "was" : "were")} rejected, "
                + $"and replacing \"{target.Table}\" with no rows would empty it; the table is unchanged.")
        {
            Target = target.FeedName,
            Hint = "Look at the rejected rows, and fix the files or the types of the columns.",
            Remedies = [Remedy.Rejects(target.FeedName)],
        };

    public static FeedException OutcomeUnknown(LoadTarget target, Exception inner)
        => new("CommitOutcomeUnknown", FeedErrorCategory.ConnectionError,
            $"The connection was lost during the commit into \"{target.Table}\", and the destination did not answer whether it landed.", inner)
        {
            Target = target.FeedName,
            Hint = "Run the feed again when the destination can be reached: its ledger records what was committed, and nothing is loaded twice.",
            Remedies = [Remedy.Run(target.FeedName)],
        };
}
