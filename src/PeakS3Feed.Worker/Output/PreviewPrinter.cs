using PeakS3Feed.Feeds;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints the first rows of a file, with the columns.</summary>
internal static class PreviewPrinter
{
    public static void Print(Screen screen, FeedPreview preview)
    {
        screen.Verbatim(preview.Source.Uri);
        var columns = Tables.Create("Column", "Type", "Field");
        foreach (var column in preview.Schema.Columns)
            columns.Add(column.Name, column.TypeName, column.Field);
        screen.Write(columns);
        screen.Line();
        RowPrinter.Print(screen, [.. preview.Schema.Columns.Select(c => c.Name)], preview.Rows);
        foreach (var reject in preview.Rejects)
            screen.Line($"reject: {reject.Position}: {reject.Reason}", Styles.Warning);
    }
}
