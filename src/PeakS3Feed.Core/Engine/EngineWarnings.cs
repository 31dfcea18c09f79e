using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Engine;

/// <summary>The warnings of what the engine reads.</summary>
internal static class EngineWarnings
{
    // Of the suggested command. More rows than that are no look at a table.
    private const int Many = 1000;

    /// <summary>A person who named no number of rows gets the first ones, and there are more.</summary>
    public static FeedWarning MoreRows(FeedRows rows)
        => new FeedWarning("MoreRows", $"There are more rows in {rows.Place} than the first {RowRequest.DefaultFirst}.")
        {
            Remedies = [Remedy.ShowRows(rows.FeedName, Many, rows.Selection.RunId, rows.Selection.ObjectUri)],
        };
}
