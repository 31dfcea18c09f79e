using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints rows: as a table, or with one line per column if the table is wider than the screen.</summary>
internal static class RowPrinter
{
    private const int Indent = 2;
    private const int MinValueWidth = 20;

    /// <summary>Prints rows.</summary>
    /// <param name="screen">The screen.</param>
    /// <param name="names">The names of the columns.</param>
    /// <param name="values">The values of the rows.</param>
    /// <param name="audit">How many columns, the last ones, are left out if a table then fits.</param>
    public static void Print(Screen screen, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<object?>> values, int audit = 0)
    {
        List<string[]> rows = [.. values.Select(r => r.Select(CellText.Format).ToArray())];
        var isWide = WidthOf(names, rows) > screen.Width;
        if (isWide && audit > 0 && WidthOf([.. names.SkipLast(audit)], rows) <= screen.Width)
        {
            screen.Line($"(without {Quantities.Count(audit, "audit column")}, which do not fit)");
            Print(screen, [.. names.SkipLast(audit)], [.. values.Select(r => r.SkipLast(audit).ToArray())]);
        }
        else if (!isWide)
            PrintTable(screen, [.. names.Select((n, i) => IsNumber(values, i) ? "#" + n : n)], rows);
        else
            PrintLines(screen, [.. names.Select(VisibleText.Escape)], rows);
    }

    private static int WidthOf(IReadOnlyList<string> names, List<string[]> rows)
        => names
            .Select((n, i) => rows.Select(r => CellWidth.Measure(r[i])).Append(CellWidth.Measure(VisibleText.Escape(n))).Max() + 1)
            .Sum() - 1;

    private static void PrintTable(Screen screen, string[] names, List<string[]> rows)
    {
        var table = Tables.Create(names);
        foreach (var row in rows)
            table.Add(row);
        screen.Write(table);
    }

    private static void PrintLines(Screen screen, string[] names, List<string[]> rows)
    {
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

    private static bool IsNumber(IReadOnlyList<IReadOnlyList<object?>> rows, int column)
        => rows.Any(r => r[column] is not null) && rows.All(r => r[column] is null or long or decimal or double);
}
