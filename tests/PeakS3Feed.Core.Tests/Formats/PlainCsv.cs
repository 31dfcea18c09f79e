using System.Text;
using System.Text.Unicode;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Tests.Formats;

/// <summary>
/// The rules of CSV once more, as plainly as they can be said: the whole file at once, one character after the other. The bytes are
/// characters of Latin-1 here. No skipped rows, no NULL values, no header. Of the white space, it knows some.
/// </summary>
internal sealed class PlainCsv(byte[] bytes, CsvOptions options)
{
    private readonly string _text = Encoding.Latin1.GetString(bytes);
    private readonly string _separator = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(options.Separator!));
    private readonly char? _quote = options.Quote;
    private readonly char? _escape = options.Escape == options.Quote ? null : options.Escape;
    private readonly List<Csv.Row> _rows = [];

    private static string[] Blanks { get; } = [" ", "\t", "\v", "\f", Latin1Of("\u00A0"), Latin1Of("\u2003"), Latin1Of("\u3000")];

    private readonly string? _comment = options.CommentPrefix is { } prefix ? Latin1Of(prefix) : null;
    private string? _lineEnd;
    private int _width;

    /// <summary>The rows, and where the quote opens that is never closed, or -1.</summary>
    public (List<Csv.Row> Rows, int OpenQuote) Read()
    {
        _lineEnd = options.LineEnd switch { CsvLineEndRule.CrLf => "\r\n", CsvLineEndRule.Lf => "\n", CsvLineEndRule.Cr => "\r", _ => null };
        var at = _text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal) ? 3 : 0;
        while (at < _text.Length)
        {
            var start = at;
            if (_comment is not null && string.CompareOrdinal(_text, at, _comment, 0, _comment.Length) == 0)
            {
                while (at < _text.Length && LineEndAt(at).Length == 0)
                    at++;
                var commentEnd = LineEndAt(at);
                _lineEnd = commentEnd.Length > 0 ? _lineEnd ?? commentEnd : _lineEnd;
                at += commentEnd.Length;
                at += commentEnd == "\r" && at < _text.Length && _text[at] == '\n' ? 1 : 0;
                continue;
            }

            var isBlank = false;
            var fields = new List<string>();
            var tail = 0;
            var end = -1;
            while (end < 0 && tail == 0)
            {
                var value = new StringBuilder();
                SkipBlanks(ref at);
                var quoted = at < _text.Length && _text[at] == _quote;
                var begin = at;
                if (quoted && !Quoted(ref at, value))
                    return (_rows, begin);
                var behind = at;
                if (quoted)
                    SkipBlanks(ref at);
                var behindBlanks = at;
                Unquoted(ref at, value);
                isBlank = options.TrimValues && !quoted && value.Length == 0 && fields.Count == 0;
                fields.Add(quoted ? $"\"{Utf8Of(value)}\"" : Utf8Of(value));
                if (quoted && at > behindBlanks)
                    (tail, end) = (fields.Count, behind);
                else if (SeparatorAt(at))
                    at += _separator.Length;
                else
                    end = at;
            }

            if (tail == 0 && LineEndAt(end) is { Length: > 0 } own)
                _lineEnd ??= own;
            var (lineEndAt, lineEnd) = FirstLine(start);
            if (tail > 0 || (_width > 0 && fields.Count != _width && lineEndAt < end))
            {
                _lineEnd ??= lineEnd;
                Add(start, lineEndAt, fields, tail, lineEndAt < end ? LineOf(end) : 0);
                at = lineEndAt + lineEnd.Length;
            }
            else
            {
                lineEnd = LineEndAt(end);
                if (end > start && !(isBlank && fields.Count == 1))
                    Add(start, end, fields, 0, 0);
                at = end + lineEnd.Length;
            }

            if (lineEnd == "\r" && at < _text.Length && _text[at] == '\n')
                at++;
        }

        return (_rows, -1);
    }

    // Up to the first line end with no escape before it, in quotes or not.
    private (int At, string LineEnd) FirstLine(int at)
    {
        for (; at < _text.Length; at++)
        {
            if (_text[at] == _escape)
                at += LiteralAt(at + 1).Length;
            else if (LineEndAt(at) is { Length: > 0 } lineEnd)
                return (at, lineEnd);
        }

        return (_text.Length, "");
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

    // White space that is neither a separator nor a quote nor an escape.
    private void SkipBlanks(ref int at)
    {
        while (options.TrimValues && at < _text.Length && !SeparatorAt(at) && _text[at] != _quote && _text[at] != _escape
            && BlankAt(at) is { } blank)
            at += blank.Length;
    }

    private string? BlankAt(int at) => Blanks.FirstOrDefault(b => string.CompareOrdinal(_text, at, b, 0, b.Length) == 0);

    private void Unquoted(ref int at, StringBuilder value)
    {
        var kept = value.Length; // what stands within quotes
        while (at < _text.Length && !SeparatorAt(at) && LineEndAt(at).Length == 0)
        {
            var literal = _text[at] == _escape ? LiteralAt(at + 1) : "";
            value.Append(literal.Length > 0 ? literal : _text[at]);
            at += 1 + literal.Length;
            kept = literal.Length > 0 ? value.Length : kept;
        }

        while (options.TrimValues && Blanks.FirstOrDefault(b => value.Length - kept >= b.Length && value.ToString().EndsWith(b, StringComparison.Ordinal)) is { } blank)
            value.Length -= blank.Length;
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
        string[] ends = _lineEnd switch
        {
            null => ["\r\n", "\n", "\r"],
            "\n" => ["\r\n", "\n"],
            "\r\n" when options.LineEnd == CsvLineEndRule.Auto => ["\r\n", "\n"],
            _ => [_lineEnd],
        };
        return ends.FirstOrDefault(end => string.CompareOrdinal(_text, at, end, 0, end.Length) == 0) ?? "";
    }

    // A badly quoted row is its first line; what is wrong with it is on line wrongAt, or 0 where that is the same one.
    private void Add(int start, int end, List<string> fields, int tail, int wrongAt)
    {
        var raw = bytes.AsSpan(start, end - start);
        var reason = !Utf8.IsValid(raw) ? "the row is not valid UTF-8"
            : tail > 0 ? $"text follows the closing quote of field {tail}{(wrongAt > 0 ? $" on line {wrongAt}" : "")}"
            : _width > 0 && fields.Count != _width ? $"the row has {CountText(fields.Count)}{(wrongAt > 0 ? $" up to line {wrongAt}" : "")}, {CountText(_width)} expected"
            : null;
        if (reason is null && _width == 0)
            _width = fields.Count;
        var text = reason is null ? string.Join('‖', fields) : "!" + reason;
        _rows.Add(new Csv.Row(text, LineOf(start), start, Encoding.UTF8.GetString(raw), raw.Length, null, ""));
    }

    // Lines are counted by LF, in files of CR by CR.
    private int LineOf(int at) => 1 + _text.AsSpan(0, at).Count(_lineEnd == "\r" ? '\r' : '\n');

    private static string CountText(int fields) => fields == 1 ? "1 field" : $"{fields} fields";

    private static string Latin1Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static string Utf8Of(StringBuilder latin1) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1.ToString()));
}
