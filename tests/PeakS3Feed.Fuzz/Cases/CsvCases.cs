using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Fuzz.Oracles;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Writes CSV in a dialect, row by row, knowing what each must be read as.</summary>
internal sealed class CsvCases
{
    private readonly Dice _dice;
    private readonly CsvOptions _csv;
    private readonly string _lineEnd;
    private readonly FileBuilder _file;
    private readonly int[] _kinds;
    private List<string> _fields = [];

    private CsvCases(CsvOptions csv, Dice dice)
    {
        _dice = dice;
        _csv = csv;
        _lineEnd = dice.Pick("\n", "\n", "\r\n", "\r");
        _file = new FileBuilder(_lineEnd);
        var width = csv.ColumnNames?.Count ?? (dice.OneIn(20) ? dice.Between(1, 300) : dice.Between(1, 6));
        _kinds = [.. Enumerable.Range(0, width).Select(_ => dice.Between(0, 7))];
    }

    private string Separator => _csv.Separator!;

    private char? Escape => _csv.Escape == _csv.Quote ? null : _csv.Escape;

    public static (byte[] Content, Expectation Expected) Write(CsvOptions csv, Dice dice) => new CsvCases(csv, dice).Write();

    private (byte[] Content, Expectation Expected) Write()
    {
        if (_dice.OneIn(5))
            _file.Write("\uFEFF");
        for (var line = 0; line < _csv.SkipRows; line++)
            _file.Write(_dice.Pick("", "report of", "\"a quote that means nothing", "a,b") + _lineEnd);
        Comments();
        Begin();
        var rows = _dice.Few(_dice.OneIn(20) ? 3_000 : 60);
        for (var row = 0; row < rows; row++)
        {
            while (_dice.OneIn(8))
                Blank();
            if (row > 0 && _dice.OneIn(6))
                Malformed();
            else
                Row();
            if (row < rows - 1 || _dice.OneIn(2))
            {
                End();
                Comments();
            }
        }

        return (_file.Content, new Expectation([.. _file.Entries.Take(_file.Entries.Count - _csv.SkipLastRows)], _fields));
    }

    private void Comments()
    {
        while (_csv.CommentPrefix is { } prefix && _dice.OneIn(6))
            _file.Write(prefix + _dice.Pick("", "x", Separator, $"{_csv.Quote}", $"{Separator}{_csv.Quote}", $"{Escape}") + _lineEnd);
    }

    // The header; without one a first row, which settles the width and the line end.
    private void Begin()
    {
        while (_dice.OneIn(8))
            Blank();
        if (_csv.HasHeader && _csv.ColumnNames is null)
        {
            var names = _kinds.Select((_, i) => Name(i)).ToArray();
            _fields = CsvNames.From(names);
            _file.Write(string.Join(Separator, names.Select(n => n.Length == 0 || _csv.Quote is null ? n : Quoted(n))));
        }
        else
        {
            _fields = [.. _csv.ColumnNames ?? _kinds.Select((_, i) => $"column_{i + 1}")];
            Row();
        }

        End();
    }

    // Where there is no quote, only letters that no separator has.
    private string Name(int field)
    {
        if (_kinds.Length > 1 && _dice.OneIn(12))
            return "";
        if (_csv.Quote is null)
            return string.Concat(Enumerable.Range(0, 1 + (field % 3)).Select(_ => _dice.Pick("d", "é", "g", "h")));
        return (_dice.OneIn(12) ? "same" : "f" + field) + (_dice.OneIn(10) ? Special() : "");
    }

    // In a file of LF lines, of which the first is one, CR LF ends lines too.
    private void End() => _file.Write(_lineEnd == "\n" && _file.Entries.Count > 1 && _dice.OneIn(10) ? "\r\n" : _lineEnd);

    private void Blank() => _file.Write(_lineEnd);

    private void Row()
    {
        var written = _kinds.Select((kind, i) => Written(Values.Create(kind, _dice), i)).ToArray();
        var raw = Encoding.UTF8.GetBytes(string.Join(Separator, written.Select(w => w.Text)));
        if (raw.Length == 0 || IsComment(raw) || (_csv.TrimValues && string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(raw))))
        {
            written[0] = Plain(0, "x");
            raw = Encoding.UTF8.GetBytes(string.Join(Separator, written.Select(w => w.Text)));
        }

        _file.Row(raw, [.. written.Select(w => w.Cell)]);
    }

    private bool IsComment(byte[] raw) => _csv.CommentPrefix is { } prefix && raw.AsSpan().StartsWith(Encoding.UTF8.GetBytes(prefix));

    private void Malformed()
    {
        var good = string.Join(Separator, Enumerable.Repeat("x", _kinds.Length));
        switch (_dice.Between(0, 4))
        {
            case 0 when _csv.Quote is { } quote:
                var tail = _dice.Pick("y", _csv.TrimValues ? " y" : " ", "y" + quote);
                var inside = _dice.OneIn(2) ? "s" : Separator;
                _file.Malformed(Encoding.UTF8.GetBytes($"{quote}q{inside}{quote}{(tail.Contains(Separator[0], StringComparison.Ordinal) ? "z" : tail)}" + good[1..]), "closing quote");
                break;
            case 3 when _csv.Quote is { } stray && Escape is null && _kinds.Length > 1:
                StrayQuote(stray, good);
                break;
            case 1:
                byte[] bad = _dice.Pick<byte[]>([0xFF], [0xC2], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80]);
                _file.Malformed([.. Encoding.UTF8.GetBytes(good), .. bad, (byte)'x'], "UTF-8");
                break;
            case 2 when _kinds.Length > 1:
                _file.Malformed(Encoding.UTF8.GetBytes(string.Join(Separator, Enumerable.Repeat("x", _dice.Between(1, _kinds.Length - 1)))), "expected");
                break;
            default:
                _file.Malformed(Encoding.UTF8.GetBytes(good + Separator + "x"), "expected");
                break;
        }
    }

    // A quote that opens a field and is not closed before that of a later row, which is bad as well. The rows between them are good.
    private void StrayQuote(char quote, string good)
    {
        var behind = Separator[0] == 's' ? 't' : 's';
        _file.Malformed(Encoding.UTF8.GetBytes($"{quote}{behind}" + good[1..]), "closing quote");
        for (var rows = _dice.Few(5); rows > 0; rows--)
        {
            End();
            _file.Row(Encoding.UTF8.GetBytes(good), [.. _kinds.Select((_, i) => Plain(i, "x").Cell)]);
        }

        End();
        _file.Malformed(Encoding.UTF8.GetBytes($"{quote}{behind}{quote}{behind}" + good[1..]), "closing quote");
    }

    // White space around a value, where it is not part of it.
    private (string Text, Cell Cell) Written(string value, int field)
    {
        var (text, cell) = WrittenBare(value, field);
        return _csv.TrimValues ? (Pad() + text + Pad(), cell) : (text, cell);
    }

    private string Pad() => _dice.Pick("", "", " ", "\t", "\u00A0", " \u3000") is var pad && pad.AsSpan().ContainsAny(Separator) ? "" : pad;

    private (string Text, Cell Cell) WrittenBare(string value, int field)
    {
        if (_dice.OneIn(8) && (_kinds.Length > 1 || _csv.NullValues.Count > 0))
        {
            var isWord = _csv.NullValues.Count > 0 && (_kinds.Length == 1 || _dice.OneIn(2));
            var word = isWord ? _dice.Pick([.. _csv.NullValues]) : "";
            return !isWord || Means(word) ? Unquoted(field, word) : Plain(field, "x");
        }

        if (value.Length > 0 && _dice.OneIn(2) && Means(value))
            return Unquoted(field, value);
        if (_csv.Quote is not null)
            return (
                Quoted(value),
                new Cell(field, _csv.EmptyAsNull && value.Length == 0 ? FieldKind.Null : FieldKind.Quoted, Encoding.UTF8.GetBytes(value)));
        if (Escape is { } escape && value.Length > 0 && !IsTrimmed(value) && value[0] != '\uFEFF' && !value.AsSpan().ContainsAny('\r', '\n') && Separator.Length == 1 && value[^1] != escape)
            return Escaped(field, value);
        return Plain(field, _dice.Pick("x", "xy", "xé😀"));
    }

    // Whether the text, without quotes, means nothing but itself wherever it stands.
    private bool Means(string text)
        => text[0] != _csv.Quote && text[0] != '\uFEFF' && !IsTrimmed(text)
            && !text.AsSpan().ContainsAny('\r', '\n')
            && !text.AsSpan().ContainsAny(Separator)
            && (Escape is not { } escape || !text.Contains(escape, StringComparison.Ordinal));

    private bool IsTrimmed(string text) => _csv.TrimValues && text.Trim() != text;

    private (string Text, Cell Cell) Unquoted(int field, string text)
        => (text, new Cell(field, _csv.NullValues.Contains(text, StringComparer.Ordinal) ? FieldKind.Null : FieldKind.Unquoted, Encoding.UTF8.GetBytes(text)));

    private static (string Text, Cell Cell) Plain(int field, string text) => (text, new Cell(field, FieldKind.Unquoted, Encoding.UTF8.GetBytes(text)));

    private string Quoted(string value)
    {
        var quote = _csv.Quote!.Value;
        var text = new StringBuilder().Append(quote);
        foreach (var c in value)
        {
            if (c == quote || c == Escape)
                text.Append(Escape ?? quote);
            text.Append(c);
        }

        return text.Append(quote).ToString();
    }

    // Without quotes: every separator, quote and escape has an escape before it.
    private (string Text, Cell Cell) Escaped(int field, string value)
    {
        var text = new StringBuilder();
        foreach (var c in value)
            text.Append(c == Separator[0] || c == Escape || c == _csv.Quote ? $"{Escape}{c}" : c.ToString());
        var isWord = text.Length == value.Length && _csv.NullValues.Contains(value, StringComparer.Ordinal);
        return (text.ToString(), new Cell(field, isWord ? FieldKind.Null : FieldKind.Unquoted, Encoding.UTF8.GetBytes(value)));
    }

    private string Special() => _csv.Quote is null ? "s" : Escape is null ? _dice.Pick(Separator, "\n", "\r\n", "s") : "s";
}
