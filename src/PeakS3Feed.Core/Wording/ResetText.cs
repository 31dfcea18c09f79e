using System.Globalization;
using PeakS3Feed.Store;

namespace PeakS3Feed.Wording;

/// <summary>What a reset means, in words.</summary>
public static class ResetText
{
    /// <summary>What is asked before a reset.</summary>
    /// <param name="use">The table.</param>
    /// <param name="dropTable">Whether it is to go.</param>
    /// <param name="inShell">Whether settings are named as the program has them, not the module.</param>
    public static string Describe(TableUse use, bool dropTable, bool inShell = false)
    {
        ArgumentNullException.ThrowIfNull(use);
        var forget = $"Forget what feed {use.FeedName} has loaded";
        if (!use.Exists)
            return $"{forget}. Table \"{use.Table}\" of {use.Destination} is not there, and the next run makes it and loads everything";
        return dropTable ? $"{forget}, and drop {Drop(use)}. The next run loads everything again"
            : use.Rows == 0 ? $"{forget}. Table \"{use.Table}\" of {use.Destination} is empty, and the next run loads everything into it"
            : use.IsReplaced ? $"{forget}. Table \"{use.Table}\" of {use.Destination} keeps its {Rows(use)} until the next run replaces them"
            : $"{forget}. Table \"{use.Table}\" of {use.Destination} keeps its {Rows(use)}, so the next run refuses to load them a second time: "
                + $"{(inShell ? "adoptTable=true" : "-AdoptTable")} then takes back what is forgotten now, and {(inShell ? "--drop-table" : "-DropTable")} is the way to load everything again";
    }

    /// <summary>A table that is to go: with its rows, and whose they are.</summary>
    public static string Drop(TableUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        var removed = use.Removed.Count == 0 ? "" : $", some of which a removed feed may have loaded (id {string.Join(", ", use.Removed)})";
        return $"table \"{use.Table}\" of {use.Destination} with its {Rows(use)}{removed}";
    }

    private static string Rows(TableUse use) => string.Create(CultureInfo.InvariantCulture, $"{use.Rows:N0} {(use.Rows == 1 ? "row" : "rows")}");
}
