using System.Text;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Tests.Formats;

/// <summary>How a value is to be written, where the dialect can.</summary>
internal enum CsvStyle
{
    Plain,
    Quoted,
    Escaped,
}

/// <summary>A value; null for NULL.</summary>
internal sealed record CsvCell(string? Text, CsvStyle Style);

/// <summary>Writes CSV in any dialect and keeps account of what must be read from it, and where.</summary>
internal sealed class CsvText(CsvOptions options, string lineEnd)
{
    private readonly List<byte> _bytes = [];
    private readonly string _separator = options.Separator!;
    private string[] _fields = [];
    private long _line = 1;
    private bool _lineEndKnown;

    public List<Csv.Row> Expected { get; } = [];

    public byte[] Bytes => [.. _bytes];

    public void Mark() => _bytes.AddRange(Encoding.UTF8.GetBytes("\uFEFF"));

    /// <summary>A line that the feed passes over.</summary>
    public void Passed(string line)
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(line + lineEnd));
        _line++;
    }

    public void Blank() => Add([]);

    /// <summary>The header, or the names when there is none.</summary>
    public void Fields(IReadOnlyList<CsvCell> names)
    {
        if (options.HasHeader && options.ColumnNames is null)
        {
            var written = Written(names);
            _fields = [.. written.Select(w => w.Expected.Trim('"'))];
            Add(Encoding.UTF8.GetBytes(string.Join(_separator, written.Select(w => w.Text))));
        }
        else
        {
            _fields = [.. options.ColumnNames ?? names.Select((_, i) => $"column_{i + 1}")];
        }
    }

    public void Row(IReadOnlyList<CsvCell> cells)
    {
        var written = Written(cells);
        var raw = string.Join(_separator, written.Select(w => w.Text));
        // A row of one field that is empty is a blank line.
        if (raw.Length > 0)
            Expect(string.Join('‖', written.Select(w => w.Expected)), Encoding.UTF8.GetBytes(raw), null);
        Add(Encoding.UTF8.GetBytes(raw));
    }

    /// <summary>A row that is not one.</summary>
    public void Malformed(byte[] raw, string reason, int? field = null)
    {
        Expect("!" + reason, raw, field);
        Add(raw);
    }

    /// <summary>Takes back the last line end.</summary>
    public void DropLastLineEnd() => _bytes.RemoveRange(_bytes.Count - lineEnd.Length, lineEnd.Length);

    public byte[] Join(IEnumerable<byte[]> values) => [.. values.SelectMany((v, i) => i == 0 ? v : [.. Encoding.UTF8.GetBytes(_separator), .. v])];

    private void Expect(string text, byte[] raw, int? field)
        => Expected.Add(new Csv.Row(
            text, _line, _bytes.Count, Encoding.UTF8.GetString(raw), raw.Length, field is { } f ? _fields[f] : null, string.Join(',', _fields)));

    private void Add(byte[] raw)
    {
        byte[] line = [.. raw, .. Encoding.UTF8.GetBytes(lineEnd)];
        _bytes.AddRange(line);
        _line += line.Count(b => b == (lineEnd == "\r" ? '\r' : '\n'));
        _lineEndKnown = true;
    }

    private List<(string Text, string Expected)> Written(IReadOnlyList<CsvCell> cells)
        => [.. cells.Select((cell, i) => Write(cell, i == cells.Count - 1))];

    private (string Text, string Expected) Write(CsvCell cell, bool isLast)
    {
        if (cell.Text is not { } value)
            return cell.Style != CsvStyle.Plain && options.NullValues.Count > 0 ? (options.NullValues[^1], "∅") : ("", "");
        foreach (var style in (ReadOnlySpan<CsvStyle>)[cell.Style, CsvStyle.Quoted, CsvStyle.Escaped, CsvStyle.Plain])
        {
            var text = style switch { CsvStyle.Quoted => Quoted(value), CsvStyle.Escaped => Escaped(value, isLast), _ => IsPlain(value, isLast) ? value : null };
            if (text is not null)
                return (text, style == CsvStyle.Quoted ? $"\"{value}\"" : value);
        }

        // Nothing in this dialect can say it.
        return ("?", "?");
    }

    private string? Quoted(string value)
    {
        if (options.Quote is not { } q)
            return null;
        var (quote, escape) = (q.ToString(), (options.Escape ?? q).ToString());
        if (escape != quote)
            value = value.Replace(escape, escape + escape, StringComparison.Ordinal);
        return quote + value.Replace(quote, escape + quote, StringComparison.Ordinal) + quote;
    }

    private string? Escaped(string value, bool isLast)
    {
        if (options.Escape is not { } escape || escape == options.Quote || !MayBegin(value))
            return null;
        var text = new StringBuilder();
        var behindLast = 0;
        for (var at = 0; at < value.Length;)
        {
            var length = value[at] == escape || value[at] == options.Quote ? 1
                : At(value, at, _separator) ? _separator.Length
                : _lineEndKnown && At(value, at, lineEnd) ? lineEnd.Length
                : 0;
            if (length == 0 && value[at] is '\r' or '\n')
                return null;
            if (length > 0)
                text.Append(escape);
            text.Append(value, at, Math.Max(1, length));
            at += Math.Max(1, length);
            behindLast = length > 0 ? at : behindLast;
        }

        return EndsBeforeSeparator(value[behindLast..], isLast) && !options.NullValues.Contains(text.ToString(), StringComparer.Ordinal) ? text.ToString() : null;
    }

    private bool IsPlain(string value, bool isLast)
        => MayBegin(value)
            && !options.NullValues.Contains(value, StringComparer.Ordinal)
            && value[0] != options.Quote
            && EndsBeforeSeparator(value, isLast)
            && EscapesMeanNothing(value)
            && LineBreaksAreData(value);

    private static bool MayBegin(string value) => value.Length > 0 && value[0] != '\uFEFF';

    private bool EndsBeforeSeparator(string value, bool isLast)
        => (isLast ? value : value + _separator).IndexOf(_separator, StringComparison.Ordinal) == (isLast ? -1 : value.Length);

    private bool EscapesMeanNothing(string value)
    {
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == options.Escape && (at + 1 == value.Length || !char.IsAsciiLetterOrDigit(value[at + 1]) || _separator[0] == value[at + 1]))
                return false;
        }

        return true;
    }

    // A CR in a file of LF and the like, where it cannot be taken for part of a line end.
    private bool LineBreaksAreData(string value)
    {
        if (value.IndexOfAny(['\r', '\n']) < 0)
            return true;
        if (lineEnd == "\r\n" && options.LineEnd == CsvLineEndRule.Auto && value.Contains('\n', StringComparison.Ordinal))
            return false;
        return _lineEndKnown && !value.Contains(lineEnd, StringComparison.Ordinal) && !value.EndsWith('\r') && !value.StartsWith('\n');
    }

    private static bool At(string value, int at, string what) => string.CompareOrdinal(value, at, what, 0, what.Length) == 0;
}
