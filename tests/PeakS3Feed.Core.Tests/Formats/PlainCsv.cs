using System.Text;
using System.Text.Unicode;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Tests.Formats;

/// <summary>
/// The rules of CSV once more, as plainly as they can be said: the whole file at once, one character after the other. The bytes are
/// characters of Latin-1 here. No skipped rows, no NULL values, no header.
/// </summary>
internal sealed class PlainCsv(byte[] bytes, CsvOptions options)
{
    private readonly string _text = Encoding.Latin1.GetString(bytes);
    private readonly string _separator = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(options.Separator!));
    private readonly char? _quote = options.Quote;
    private readonly char? _escape = options.Escape == options.Quote ? null : options.Escape;
    private readonly List<Csv.Row> _rows = [];
    private string? _lineEnd;
    private int _width;

    /// <summary>The rows, and where the quote opens that is never closed, or -1.</summary>
    public (List<Csv.Row> Rows, int OpenQuote) Read()
    {
        var at = _text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal) ? 3 : 0;
        while (at < _text.Length)
        {
            var start = at;
            var fields = new List<string>();
            var tail = 0;
            var end = -1;
            while (end < 0)
            {
                var value = new StringBuilder();
                var quoted = at < _text.Length && _text[at] == _quote;
                var begin = at;
                if (quoted && !Quoted(ref at, value))
                    return (_rows, begin);
                var behind = at;
                Unquoted(ref at, value);
                tail = quoted && at > behind && tail == 0 ? fields.Count + 1 : tail;
                fields.Add(quoted ? $"\"{Utf8Of(value)}\"" : Utf8Of(value));
                if (SeparatorAt(at))
                    at += _separator.Length;
                else
                    end = at;
            }

            var lineEnd = LineEndAt(end);
            at = end + lineEnd.Length;
            if (lineEnd.Length > 0)
                _lineEnd ??= lineEnd;
            if (lineEnd == "\r" && at < _text.Length && _text[at] == '\n')
                at++;
            if (end > start)
                Add(start, end, fields, tail);
        }

        return (_rows, -1);
    }

    private bool Quoted(ref int at, StringBuilder value)
    {
        for (at++; at < _text.Length; at++)
        {
            var literal = _text[at] == _escape ? LiteralAt(at + 1) : "";
            if (literal.Length == 0 && _escape is null && _text[at] == _quote && at + 1 < _text.Length && _text[at + 1] == _quote)
                literal = _text[at].ToString();
            if (literal.Length == 0 && _text[at] == _quote)
            {
                at++;
                return true;
            }

            value.Append(literal.Length > 0 ? literal : _text[at]);
            at += literal.Length;
        }

        return false;
    }

    private void Unquoted(ref int at, StringBuilder value)
    {
        while (at < _text.Length && !SeparatorAt(at) && LineEndAt(at).Length == 0)
        {
            var literal = _text[at] == _escape ? LiteralAt(at + 1) : "";
            value.Append(literal.Length > 0 ? literal : _text[at]);
            at += 1 + literal.Length;
        }
    }

    // What an escape before it makes literal.
    private string LiteralAt(int at)
        => at == _text.Length ? ""
            : _text[at] == _quote || _text[at] == _escape ? _text[at].ToString()
            : SeparatorAt(at) ? _separator
            : LineEndAt(at);

    private bool SeparatorAt(int at) => string.CompareOrdinal(_text, at, _separator, 0, _separator.Length) == 0;

    private string LineEndAt(int at)
    {
        string[] ends = _lineEnd switch { null => ["\r\n", "\n", "\r"], "\n" => ["\r\n", "\n"], _ => [_lineEnd] };
        return ends.FirstOrDefault(end => string.CompareOrdinal(_text, at, end, 0, end.Length) == 0) ?? "";
    }

    private void Add(int start, int end, List<string> fields, int tail)
    {
        var raw = bytes.AsSpan(start, end - start);
        var reason = !Utf8.IsValid(raw) ? "the row is not valid UTF-8"
            : tail > 0 ? $"text follows the closing quote of field {tail}"
            : _width > 0 && fields.Count != _width ? $"the row has {Counted(fields.Count)}, {Counted(_width)} expected"
            : null;
        if (reason is null && _width == 0)
            _width = fields.Count;
        var text = reason is null ? string.Join('‖', fields) : "!" + reason;
        _rows.Add(new Csv.Row(text, LineOf(start), start, Encoding.UTF8.GetString(raw), raw.Length, null, ""));
    }

    // Lines are counted by LF, in files of CR by CR.
    private int LineOf(int at) => 1 + _text.AsSpan(0, at).Count(_lineEnd == "\r" ? '\r' : '\n');

    private static string Counted(int fields) => fields == 1 ? "1 field" : $"{fields} fields";

    private static string Utf8Of(StringBuilder latin1) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1.ToString()));
}
