using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>
/// Lays out the rows of a preview: as a table, or with one line per column if a table does not fit the screen. PowerShell's own view of
/// objects with more than four properties is a list.
/// </summary>
internal sealed class PreviewLayout
{
    private const int MaxCharacters = 24;
    private readonly string[] _names;
    private readonly bool[] _right;
    private readonly int[] _widths;

    public PreviewLayout(FeedPreview preview)
    {
        var columns = preview.Schema.Columns;
        Source = VisibleText.Escape(preview.Source.Uri);
        _names = [.. columns.Select(c => VisibleText.Escape(c.Name))];
        _right = [.. columns.Select(c => c.Type is ColumnType.BigInt or ColumnType.Decimal or ColumnType.Double)];
        _widths = [.. _names.Select((name, i) => preview.Rows.Select(r => CellText.Format(r[i])).Append(name).Max(DisplayWidth.Measure))
            .Select(w => Math.Min(MaxCharacters, w))];
    }

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>Returns the names of the columns, underlined; or the number of columns, if each has its own line.</summary>
    public string Header(int width) => IsTable(width)
        ? string.Join(Environment.NewLine, Line(_names), Line([.. _names.Zip(_widths, Dashes)]))
        : $"({Quantities.Count(_names.Length, "column")}, one line each)";

    /// <summary>Returns a row: one line of cells, or one line per column.</summary>
    /// <param name="number">The row's number, from 1.</param>
    /// <param name="cells">The row's values.</param>
    /// <param name="width">The width of the screen.</param>
    public string Row(int number, IReadOnlyList<string> cells, int width)
    {
        if (IsTable(width))
            return Line(cells);
        var names = Math.Min(_names.Max(DisplayWidth.Measure), Math.Max(1, (width / 2) - 1));
        return string.Join(
            Environment.NewLine,
            cells.Select((c, i) => $"{Left(_names[i], names)} {DisplayWidth.Cut(c, Math.Max(1, width - names - 1))}".TrimEnd())
                .Prepend($"-- row {number} --"));
    }

    private static string Dashes(string name, int width) => new('-', Math.Min(width, DisplayWidth.Measure(name)));

    private string Line(IReadOnlyList<string> cells)
        => string.Join(' ', cells.Select((c, i) => _right[i] ? Right(c, _widths[i]) : Left(c, _widths[i]))).TrimEnd();

    private bool IsTable(int width) => _widths.Sum() + _widths.Length - 1 <= width;

    private static string Left(string text, int width)
    {
        text = DisplayWidth.Cut(text, width);
        return text + DisplayWidth.Padding(text, width);
    }

    private static string Right(string text, int width)
    {
        text = DisplayWidth.Cut(text, width);
        return DisplayWidth.Padding(text, width) + text;
    }
}
