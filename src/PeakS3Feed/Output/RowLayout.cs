using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>
/// Lays out rows of files and tables: as a table, or with one line per column if a table does not fit the screen. PowerShell's own view of
/// objects with more than four properties is a list.
/// </summary>
internal sealed class RowLayout
{
    private const int MaxCharacters = 24;
    private readonly string[] _names;
    private readonly bool[] _right;
    private readonly int[] _widths;

    /// <param name="source">Where the rows are from.</param>
    /// <param name="names">The names of the columns.</param>
    /// <param name="rows">The rows, or the first of them: they say how wide the columns are. Columns of numbers are aligned to the right.</param>
    public RowLayout(string source, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        Source = VisibleText.Escape(source);
        _names = [.. names.Select(VisibleText.Escape)];
        _right = [.. names.Select((_, i) => rows.Any(r => r[i] is not null) && rows.All(r => r[i] is null or long or decimal or double))];
        _widths = [.. _names.Select((name, i) => rows.Select(r => CellText.Format(r[i])).Append(name).Max(DisplayWidth.Measure))
            .Select(w => Math.Min(MaxCharacters, w))];
    }

    /// <summary>Where the rows are from.</summary>
    public string Source { get; }

    /// <summary>How many columns, the last ones, a table may leave out to fit: the audit columns. A list has them.</summary>
    public int Optional { get; init; }

    /// <summary>Returns the names of the columns, underlined; or the number of columns, if each has its own line.</summary>
    public string Header(int width)
    {
        var shown = Fitting(width);
        if (shown == 0)
            return $"({Quantities.Count(_names.Length, "column")}, one line each)";
        string[] lines = [Line(_names, shown), Line([.. _names.Zip(_widths, Dashes)], shown)];
        return string.Join(
            Environment.NewLine,
            shown == _names.Length ? lines : [$"(without {Quantities.Count(Optional, "audit column")}: Format-List shows all)", "", .. lines]);
    }

    /// <summary>Returns a row: one line of cells, or one line per column.</summary>
    /// <param name="number">The row's number, from 1.</param>
    /// <param name="cells">The row's values.</param>
    /// <param name="width">The width of the screen.</param>
    public string Row(int number, IReadOnlyList<string> cells, int width)
    {
        if (Fitting(width) is > 0 and var shown)
            return Line(cells, shown);
        var names = Math.Min(_names.Max(DisplayWidth.Measure), Math.Max(1, (width / 2) - 1));
        return string.Join(
            Environment.NewLine,
            cells.Select((c, i) => $"{Left(_names[i], names)} {DisplayWidth.Cut(c, Math.Max(1, width - names - 1))}".TrimEnd())
                .Prepend($"-- row {number} --"));
    }

    private static string Dashes(string name, int width) => new('-', Math.Min(width, DisplayWidth.Measure(name)));

    private string Line(IReadOnlyList<string> cells, int shown)
        => string.Join(' ', cells.Take(shown).Select((c, i) => _right[i] ? Right(c, _widths[i]) : Left(c, _widths[i]))).TrimEnd();

    // How many columns a table has; 0 if it does not fit.
    private int Fitting(int width)
        => IsTable(_widths.Length, width) ? _widths.Length
            : Optional > 0 && IsTable(_widths.Length - Optional, width) ? _widths.Length - Optional
            : 0;

    private bool IsTable(int columns, int width) => _widths.Take(columns).Sum() + columns - 1 <= width;

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
