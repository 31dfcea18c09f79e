using PeakS3Feed.Wording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>Creates tables without lines, with a space between columns and numbers aligned to the right.</summary>
internal static class Tables
{
    /// <summary>Creates a table with these columns. A name that begins with <c>#</c> is a column of numbers.</summary>
    public static Table Create(params IReadOnlyList<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var name in columns)
        {
            var number = name.StartsWith('#');
            table.AddColumn(new TableColumn(new Text(VisibleText.Escape(name.TrimStart('#')), Styles.Heading))
            {
                Alignment = number ? Justify.Right : Justify.Left,
                NoWrap = number,
                Padding = new Padding(0, 0, table.Columns.Count == columns.Count - 1 ? 0 : 1, 0),
            });
        }
        return table;
    }

    /// <summary>Adds a row of plain texts.</summary>
    public static void Add(this Table table, params IEnumerable<string> cells)
        => table.AddRow(cells.Select(c => (IRenderable)new Text(VisibleText.Escape(c))));
}
