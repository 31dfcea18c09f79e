using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints the first rows of a file.</summary>
internal static class PreviewPrinter
{
    public static void Print(Screen screen, FeedPreview preview)
    {
        screen.Verbatim(preview.Source.Uri);
        var columns = Tables.Of("Column", "Type", "Field");
        foreach (var column in preview.Schema.Columns)
            columns.Add(column.Name, column.TypeName, column.Field);
        screen.Write(columns);
        screen.Line();
        var rows = Tables.Of([.. preview.Schema.Columns.Select(c => (IsNumber(c) ? "#" : "") + c.Name)]);
        foreach (var row in preview.Rows)
            rows.Add(row.Select(CellText.Of));
        screen.Write(rows);
        foreach (var reject in preview.Rejects)
            screen.Line($"reject: {reject.Position}: {reject.Reason}", Styles.Warning);
    }

    private static bool IsNumber(FeedColumn column) => column.Type is ColumnType.BigInt or ColumnType.Decimal or ColumnType.Double;
}
