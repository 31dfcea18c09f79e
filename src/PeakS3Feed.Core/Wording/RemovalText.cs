using PeakS3Feed.Store;

namespace PeakS3Feed.Wording;

/// <summary>Describes what the removal of a feed removes.</summary>
public static class RemovalText
{
    /// <summary>Returns, for example: Remove the feed. This also removes trigger orders_daily. …</summary>
    public static string Describe(FeedRemoval removal, bool dropTable)
    {
        ArgumentNullException.ThrowIfNull(removal);
        List<string> sentences = [dropTable ? $"Remove the feed and its table {removal.Table} of destination {removal.Destination} with all rows." : "Remove the feed."];
        List<string> goes = [.. removal.Triggers.Select(t => $"trigger {t}"), .. removal.Watchers.Select(w => $"watcher {w}")];
        if (goes.Count > 0)
            sentences.Add($"This also removes {EnglishList.Join(goes)}.");
        if (removal.HasLoaded && !dropTable)
            sentences.Add($"Table {removal.Table} of destination {removal.Destination} keeps its rows. The record of what is loaded no longer applies, until a feed adopts the table.");
        if (removal.Runs > 0)
            sentences.Add($"The history keeps {Quantities.Count(removal.Runs, "run")} of it for 90 days.");
        return string.Join(" ", sentences);
    }
}
