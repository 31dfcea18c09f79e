using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints the first rows of a file: as a table, or with one line per column if the table is wider than the screen.</summary>
internal static class PreviewPrinter
{
    private const int Indent = 2;
    private const int MinValueWidth = 20;

    public static void Print(Screen screen, FeedPreview preview)
    {
        screen.Verbatim(preview.Source.Uri);
        var columns = Tables.Create("Column", "Type", "Field");
        foreach (var column in preview.Schema.Columns)
            columns.Add(column.Name, column.TypeName, column.Field);
        screen.Write(columns);
        screen.Line();
        List<string[]> rows = [.. preview.Rows.Select(r => r.Select(CellText.Format).ToArray())];
        if (WidthOf(preview.Schema, rows) <= screen.Width)
            PrintTable(screen, preview.Schema, rows);
        else
            PrintLines(screen, preview.Schema, rows);
        foreach (var reject in preview.Rejects)
            screen.Line($"reject: {reject.Position}: {reject.Reason}", Styles.Warning);
    }

    private static int WidthOf(FeedSchema schema, List<string[]> rows)
        => schema.Columns
            .Select((c, i) => rows.Select(r => CellWidth.Measure(r[i])).Append(CellWidth.Measure(VisibleText.Escape(c.Name))).Max() + 1)
            .Sum() - 1;

    private static void PrintTable(Screen screen, FeedSchema schema, List<string[]> rows)
    {
        var table = Tables.Create([.. schema.Columns.Select(c => (IsNumber(c) ? "#" : "") + c.Name)]);
        foreach (var row in rows)
            table.Add(row);
        screen.Write(table);
    }

    private static void PrintLines(Screen screen, FeedSchema schema, List<string[]> rows)
    {
        string[] names = [.. schema.Columns.Select(c => VisibleText.Escape(c.Name))];
        var nameWidth = Math.Min(names.Max(CellWidth.Measure), Math.Max(MinValueWidth, screen.Width - Indent - 1 - MinValueWidth));
        var valueWidth = Math.Max(MinValueWidth, screen.Width - Indent - nameWidth - 1);
        for (var i = 0; i < rows.Count; i++)
        {
            screen.Line($"Row {i + 1}", Styles.Heading);
            for (var column = 0; column < names.Length; column++)
            {
                var name = CellWidth.Pad(CellWidth.Cut(names[column], nameWidth), nameWidth);
                screen.Verbatim($"{name} {CellWidth.Cut(rows[i][column], valueWidth)}".TrimEnd(), Indent);
            }
        }
    }

    private static bool IsNumber(FeedColumn column) => column.Type is ColumnType.BigInt or ColumnType.Decimal or ColumnType.Double;
}
