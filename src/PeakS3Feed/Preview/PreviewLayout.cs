using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>The table that the rows of one preview make: PowerShell's own view of objects with more than four properties is a list.</summary>
internal sealed class PreviewLayout
{
    private const int MostCharacters = 24;
    private readonly string[] _names;
    private readonly bool[] _right;
    private readonly int[] _widths;

    public PreviewLayout(FeedPreview preview)
    {
        var columns = preview.Schema.Columns;
        Source = VisibleText.Of(preview.Source.Uri);
        _names = [.. columns.Select(c => VisibleText.Of(c.Name))];
        _right = [.. columns.Select(c => c.Type is ColumnType.BigInt or ColumnType.Decimal or ColumnType.Double)];
        _widths = [.. columns.Select((_, i) => preview.Rows.Select(r => CellText.Of(r[i]).Length).Append(_names[i].Length).Max()).Select(w => Math.Min(w, MostCharacters))];
    }

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>The names of the columns, the line under them, and how many columns there is no room for.</summary>
    public string Header(int width)
    {
        var hidden = _widths.Length - Fitting(width);
        var lines = new List<string> { Line(_names, width), Line([.. _widths.Select((w, i) => new string('-', Math.Min(w, _names[i].Length)))], width) };
        if (hidden > 0)
            lines.Insert(0, $"({Quantities.Count(hidden, "more column")}; Format-List shows all)");
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>A line of cells.</summary>
    public string Line(IReadOnlyList<string> cells, int width)
        => string.Join(' ', cells.Take(Fitting(width)).Select((c, i) => Cell(c, _widths[i], _right[i]))).TrimEnd();

    // As many as there is room for, but at least one.
    private int Fitting(int width)
    {
        var (used, fitting) = (0, 0);
        while (fitting < _widths.Length && (used += _widths[fitting] + (fitting > 0 ? 1 : 0)) <= width)
            fitting++;
        return Math.Max(1, fitting);
    }

    private static string Cell(string text, int width, bool right)
    {
        if (text.Length > width)
            text = text[..(width - 1)] + "…";
        return right ? text.PadLeft(width) : text.PadRight(width);
    }
}
