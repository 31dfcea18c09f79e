using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>
/// How the rows of one preview are shown: as a table, or a line for each column where there is no room for a table. PowerShell's own view of
/// objects with more than four properties is a list.
/// </summary>
internal sealed class PreviewLayout
{
    private const int MostCharacters = 24;
    private readonly string[] _names;
    private readonly bool[] _right;
    private readonly int[] _widths;

    public PreviewLayout(FeedPreview preview)
    {
        var columns = preview.Schema.Columns;
        Source = VisibleText.Escape(preview.Source.Uri);
        _names = [.. columns.Select(c => VisibleText.Escape(c.Name))];
        _right = [.. columns.Select(c => c.Type is ColumnType.BigInt or ColumnType.Decimal or ColumnType.Double)];
        _widths = [.. _names.Select((n, i) => Math.Min(MostCharacters, preview.Rows.Select(r => DisplayWidth.Of(CellText.Format(r[i]))).Append(DisplayWidth.Of(n)).Max()))];
    }

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>The names of the columns and the line under them, or how many columns there are where each has its line.</summary>
    public string Header(int width) => IsTable(width)
        ? string.Join(Environment.NewLine, Line(_names), Line([.. _widths.Select((w, i) => new string('-', Math.Min(w, DisplayWidth.Of(_names[i]))))]))
        : $"({Quantities.Count(_names.Length, "column")}, a line for each)";

    /// <summary>A row: a line of cells, or a line for each column.</summary>
    /// <param name="number">Which row it is, from 1 on.</param>
    /// <param name="cells">Its values.</param>
    /// <param name="width">The width of the screen.</param>
    public string Row(int number, IReadOnlyList<string> cells, int width)
    {
        if (IsTable(width))
            return Line(cells);
        var names = Math.Min(_names.Max(DisplayWidth.Of), Math.Max(1, (width / 2) - 1));
        return string.Join(
            Environment.NewLine,
            cells.Select((c, i) => $"{Left(_names[i], names)} {DisplayWidth.Cut(c, Math.Max(1, width - names - 1))}".TrimEnd()).Prepend($"-- row {number} --"));
    }

    private string Line(IReadOnlyList<string> cells)
        => string.Join(' ', cells.Select((c, i) => _right[i] ? Right(c, _widths[i]) : Left(c, _widths[i]))).TrimEnd();

    private bool IsTable(int width) => _widths.Sum() + _widths.Length - 1 <= width;

    private static string Left(string text, int width)
    {
        text = DisplayWidth.Cut(text, width);
        return text + DisplayWidth.Rest(text, width);
    }

    private static string Right(string text, int width)
    {
        text = DisplayWidth.Cut(text, width);
        return DisplayWidth.Rest(text, width) + text;
    }
}
