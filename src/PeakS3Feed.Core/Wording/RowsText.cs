using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Wording;

/// <summary>Describes rows of tables for people.</summary>
public static class RowsText
{
    /// <summary>Says that there are no rows, and why that may be.</summary>
    /// <param name="place">The table and its destination.</param>
    /// <param name="selection">Which rows were read.</param>
    /// <param name="run">The run of the selection; null if there is none, or if the history does not have it.</param>
    public static string DescribeNone(string place, RowSelection selection, S3FeedRun? run)
    {
        var ofRun = selection.RunId is { } id ? $" of run {Quantities.Short(id)}" : "";
        var ofFile = selection.ObjectUri is { } uri ? $" of {VisibleText.Escape(uri)}" : "";
        var why = run switch
        {
            { RowsLoaded: 0 } => " The run loaded none.",
            { } => " Rows that a later run has updated or replaced are rows of that run.",
            null => "",
        };
        return $"{VisibleText.Escape(place)} has no rows{ofRun}{ofFile}.{why}";
    }
}
