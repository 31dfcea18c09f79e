using System.Globalization;
using PeakS3Feed.Store;

namespace PeakS3Feed.Wording;

/// <summary>Describes a reset.</summary>
public static class ResetText
{
    /// <summary>Returns the question before a reset.</summary>
    /// <param name="uses">The table, in each destination of the feed.</param>
    /// <param name="dropTable">Whether the table is dropped.</param>
    /// <param name="inShell">Whether to name settings of the program instead of the module.</param>
    public static string Describe(IReadOnlyList<TableUse> uses, bool dropTable, bool inShell = false)
        => string.Join(". ", uses.Select(u => Describe(u, dropTable, inShell)));

    /// <summary>Describes tables that are dropped: their rows and their feeds.</summary>
    public static string Drop(IReadOnlyList<TableUse> uses) => EnglishList.Join([.. uses.Select(Drop)]);

    private static string Describe(TableUse use, bool dropTable, bool inShell)
    {
        var forget = $"Forget what feed {use.FeedName} has loaded";
        if (!use.Exists)
            return $"{forget}. Table \"{use.Table}\" of {use.Destination} does not exist. The next run creates it and loads everything";
        return dropTable ? $"{forget}, and drop {Drop(use)}. The next run loads everything again"
            : use.Rows == 0 ? $"{forget}. Table \"{use.Table}\" of {use.Destination} is empty. The next run loads everything into it"
            : use.IsReplaced ? $"{forget}. Table \"{use.Table}\" of {use.Destination} keeps its {Rows(use)} until the next run replaces them"
            : $"{forget}. Table \"{use.Table}\" of {use.Destination} keeps its {Rows(use)}, so the next run refuses to load them a second time. "
                + $"{(inShell ? "adoptTable=true" : "-AdoptTable")} then takes over what is forgotten now. "
                + $"To load everything again, use {(inShell ? "--drop-table" : "-DropTable")}";
    }

    private static string Drop(TableUse use)
    {
        var removed = use.Removed.Count == 0 ? "" : $", some of which a removed feed may have loaded (id {string.Join(", ", use.Removed)})";
        return $"table \"{use.Table}\" of {use.Destination} with its {Rows(use)}{removed}";
    }

    private static string Rows(TableUse use)
        => use.Rows is { } rows ? string.Create(CultureInfo.InvariantCulture, $"{rows:N0} {(rows == 1 ? "row" : "rows")}") : "rows";
}

/// <summary>Describes what the removal of a feed removes.</summary>
public static class RemovalText
{
    /// <summary>Returns, for example: Remove the feed. This also removes trigger orders_daily. …</summary>
    public static string Describe(FeedRemoval removal, bool dropTable)
    {
        ArgumentNullException.ThrowIfNull(removal);
        List<string> sentences =
        [
            dropTable ? $"Remove the feed and its table {removal.Table} of destination {removal.Destination} with all rows." : "Remove the feed.",
        ];
        List<string> goes = [.. removal.Triggers.Select(t => $"trigger {t}"), .. removal.Watchers.Select(w => $"watcher {w}")];
        if (goes.Count > 0)
            sentences.Add($"This also removes {EnglishList.Join(goes)}.");
        if (removal.HasLoaded && !dropTable)
            sentences.Add($"Table {removal.Table} of destination {removal.Destination} keeps its rows. "
                + "The record of what is loaded no longer applies, until a feed adopts the table.");
        if (removal.Runs > 0)
            sentences.Add($"The history keeps {Quantities.Count(removal.Runs, "run")} of it for 90 days.");
        return string.Join(" ", sentences);
    }
}
