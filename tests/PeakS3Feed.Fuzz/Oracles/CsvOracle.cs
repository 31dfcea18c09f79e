using System.Globalization;
using System.Text;
using System.Text.Unicode;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>CSV by the words of docs/formats.md: one pass over the whole file, slow and plain. Shares no code with the product.</summary>
internal sealed class CsvOracle
{
    private const int MaxRow = 16 * 1024 * 1024;
    private const int MaxFields = 16_384;

    private readonly byte[] _content;
    private readonly byte[] _separator;
    private readonly int _quote;
    private readonly int _escape;
    private readonly CsvOptions _options;
    private readonly HashSet<string> _nulls;
    private readonly List<Entry> _entries = [];
    private List<string> _fields;
    private bool _headerExpected;
    private byte[]? _lineEnd;
    private long _line = 1;
    private int _at;

    private CsvOracle(byte[] content, CsvOptions options, string separator)
    {
        _content = content;
        _options = options;
        _separator = Encoding.UTF8.GetBytes(separator);
        _quote = options.Quote ?? -1;
        _escape = options.Escape is null || options.Escape == options.Quote ? -2 : options.Escape.Value;
        _nulls = [.. options.NullValues];
        _fields = [.. options.ColumnNames ?? []];
        _headerExpected = options.HasHeader && options.ColumnNames is null;
        _lineEnd = options.LineEnd switch
        {
            CsvLineEndRule.CrLf => "\r\n"u8.ToArray(),
            CsvLineEndRule.Lf => "\n"u8.ToArray(),
            CsvLineEndRule.Cr => "\r"u8.ToArray(),
            _ => null,
        };
    }

    public static Expectation Read(byte[] content, CsvOptions options, string separator) => new CsvOracle(content, options, separator).Read();

    private Expectation Read()
    {
        _at = At(0, [0xEF, 0xBB, 0xBF]) ? 3 : 0;
        for (var skipped = 0; skipped < _options.SkipRows && _at < _content.Length; skipped++)
            SkipLine();
        while (_at < _content.Length)
        {
            if (!SkipComment() && (ReadRow() ?? CheckHeld()) is { } error)
                return error with { Entries = WithoutLast(error.ErrorId) };
        }

        return new Expectation(WithoutLast(null), _fields);
    }

    // The rows that were held back when the file ended, or the error came. The row after which they are too many is one more.
    private List<Entry> WithoutLast(string? error)
        => _entries[..Math.Max(0, _entries.Count - (_options.SkipLastRows > 0 && error == "CsvFooterTooLong" ? _options.SkipLastRows + 1 : _options.SkipLastRows))];

    private Expectation? CheckHeld()
        => _options.SkipLastRows > 0 && _entries.TakeLast(_options.SkipLastRows).Sum(e => (long)e.Raw.Length) > MaxRow
            ? Error("CsvFooterTooLong", _entries[^1].Line, -1)
            : null;

    private bool SkipComment()
    {
        if (_options.CommentPrefix is not { } prefix || !At(_at, Encoding.UTF8.GetBytes(prefix)))
            return false;
        var start = _at;
        while (_at < _content.Length && LineEndAt(_at) == 0)
            _at++;
        var lineEnd = LineEndAt(_at);
        KnowLineEnd(_at, lineEnd);
        _at += lineEnd;
        _line += Breaks(start, _at);
        if (lineEnd > 0 && _lineEnd is [(byte)'\r'] && Here == '\n')
            _at++;
        return true;
    }

    private void SkipLine()
    {
        while (_at < _content.Length && _content[_at] is not ((byte)'\r' or (byte)'\n'))
            _at++;
        if (_at < _content.Length)
            _line++;
        _at += At(_at, "\r\n"u8) ? 2 : 1;
    }

    private Expectation? ReadRow()
    {
        var (start, line) = (_at, _line);
        var cells = new List<(byte[] Value, bool Quoted, bool Escaped)>();
        var hasTail = false;
        var closed = 0;
        while (true)
        {
            var value = new List<byte>();
            var escaped = false;
            SkipBlanks();
            var quoted = Here == _quote;
            if (quoted)
            {
                var opened = _at;
                if (!ReadQuoted(value))
                    return NotClosed(start, line, opened);
                closed = _at;
                SkipBlanks();
                hasTail = _at < _content.Length && !At(_at, _separator) && LineEndAt(_at) == 0;
            }

            if (hasTail)
            {
                _at = closed;
                break;
            }

            ReadUnquoted(quoted ? [] : value, ref escaped);
            cells.Add((value.ToArray(), quoted, escaped));
            if (!At(_at, _separator))
                break;
            _at += _separator.Length;
        }

        if (_at - start > MaxRow)
            return Error("CsvRowTooLong", line, start);
        var lineEnd = hasTail ? 0 : LineEndAt(_at);
        KnowLineEnd(_at, lineEnd);
        var rowEnd = _at;
        // A badly quoted row is its first line, in quotes or not.
        var first = FirstLineEnd(start);
        var isBad = hasTail || (_fields.Count > 0 && cells.Count != _fields.Count && first < rowEnd);
        if (isBad)
        {
            (rowEnd, lineEnd) = (first, LineEndAt(first));
            KnowLineEnd(rowEnd, lineEnd);
        }

        if (rowEnd - start > MaxRow)
            return Error("CsvRowTooLong", line, start);
        var raw = _content[start..rowEnd];
        _at = rowEnd + lineEnd;
        _line += Breaks(start, _at);
        if (lineEnd > 0 && _lineEnd is [(byte)'\r'] && Here == '\n')
            _at++;
        var isBlank = raw.Length == 0 || (_options.TrimValues && !isBad && cells is [{ Value.Length: 0, Quoted: false }]);
        return isBlank ? null : Take(start, line, raw, cells, hasTail, isBad);
    }

    private void KnowLineEnd(int at, int length)
    {
        if (length > 0)
            _lineEnd ??= _content[at..(at + length)];
    }

    // The first line end with no escape before it, or the end of the file.
    private int FirstLineEnd(int at)
    {
        while (at < _content.Length)
        {
            if (_content[at] == _escape)
                at += 1 + LiteralAt(at + 1);
            else if (LineEndAt(at) > 0)
                return at;
            else
                at++;
        }

        return _content.Length;
    }

    private Expectation? Take(int start, long line, byte[] raw, List<(byte[] Value, bool Quoted, bool Escaped)> cells, bool hasTail, bool isBad)
    {
        var complaint = !Utf8.IsValid(raw) ? "UTF-8" : hasTail ? "closing quote" : null;
        if (complaint is null && _fields.Count == 0 && cells.Count > MaxFields)
            return Error("CsvTooManyFields", line, start);
        if (complaint is null && (isBad || (_fields.Count > 0 && cells.Count != _fields.Count)))
            complaint = "expected";
        if (_headerExpected)
        {
            if (complaint is not null || CsvNames.AreExcelsSeparator(raw))
                return Error("CsvHeaderInvalid", line, start);
            _fields = CsvNames.From(cells.ConvertAll(c => Encoding.UTF8.GetString(c.Value)));
            _headerExpected = false;
            return null;
        }

        if (complaint is null && _fields.Count == 0)
            _fields = [.. Enumerable.Range(1, cells.Count).Select(n => string.Create(CultureInfo.InvariantCulture, $"column_{n}"))];
        var row = complaint is null ? cells.Select((c, i) => new Cell(i, KindOf(c.Value, c.Quoted, c.Escaped), c.Value)) : [];
        _entries.Add(new Entry(line, start, raw, [.. row], complaint));
        return null;
    }

    private FieldKind KindOf(byte[] value, bool quoted, bool escaped)
        => quoted ? (_options.EmptyAsNull && value.Length == 0 ? FieldKind.Null : FieldKind.Quoted) : !escaped && _nulls.Contains(Encoding.UTF8.GetString(value)) ? FieldKind.Null : FieldKind.Unquoted;

    private bool ReadQuoted(List<byte> value)
    {
        for (_at++; _at < _content.Length;)
        {
            var literal = Here == _escape ? LiteralAt(_at + 1) : _escape < 0 && Here == _quote && At(_at + 1, [(byte)_quote]) ? 1 : 0;
            if (literal == 0 && Here == _quote)
            {
                _at++;
                return true;
            }

            Append(value, literal);
        }

        return false;
    }

    // White space, unless it is special.
    private void SkipBlanks()
    {
        while (_options.TrimValues && _at < _content.Length && !At(_at, _separator) && Here != _quote && Here != _escape && WhiteSpace.LengthAt(_content, _at) is > 0 and var blank)
            _at += blank;
    }

    private void ReadUnquoted(List<byte> value, ref bool escaped)
    {
        var (kept, trimmed) = (0, 0);
        while (_at < _content.Length && !At(_at, _separator) && LineEndAt(_at) == 0)
        {
            var literal = Here == _escape ? LiteralAt(_at + 1) : 0;
            escaped |= literal > 0;
            var blank = literal == 0 && _options.TrimValues ? WhiteSpace.LengthAt(_content, _at) : 0;
            if (blank > 0)
            {
                value.AddRange(_content.AsSpan(_at, blank));
                _at += blank;
                trimmed += blank;
                continue;
            }

            Append(value, literal);
            (kept, trimmed) = (value.Count, 0);
        }

        if (trimmed > 0)
            value.RemoveRange(kept, trimmed);
    }

    // The byte here or, when so many behind it are made literal by it, those.
    private void Append(List<byte> value, int literal)
    {
        _at += literal > 0 ? 1 : 0;
        var count = Math.Max(1, literal);
        value.AddRange(_content.AsSpan(_at, count));
        _at += count;
    }

    // How many bytes an escape before them makes literal.
    private int LiteralAt(int at)
        => at >= _content.Length ? 0
            : _content[at] == _quote || _content[at] == _escape ? 1
            : At(at, _separator) ? _separator.Length
            : LineEndAt(at);

    private int LineEndAt(int at)
    {
        if (at >= _content.Length)
            return 0;
        var isCrLf = At(at, "\r\n"u8);
        return _lineEnd switch
        {
            null => isCrLf ? 2 : _content[at] is (byte)'\r' or (byte)'\n' ? 1 : 0,
            [(byte)'\r'] => _content[at] == '\r' ? 1 : 0,
            [(byte)'\n'] => isCrLf ? 2 : _content[at] == '\n' ? 1 : 0,
            _ when _options.LineEnd == CsvLineEndRule.Auto => isCrLf ? 2 : _content[at] == '\n' ? 1 : 0,
            _ => isCrLf ? 2 : 0,
        };
    }

    private Expectation NotClosed(int start, long line, int opened)
        => _content.Length - start > MaxRow + 2
            ? Error("CsvRowTooLong", line, start)
            : Error("CsvQuoteNotClosed", line + Breaks(start, opened), opened);

    private Expectation Error(string id, long line, long offset) => new(_entries, _fields, id, line, offset);

    private long Breaks(int from, int to) => _content.AsSpan(from, to - from).Count(_lineEnd is [(byte)'\r'] ? (byte)'\r' : (byte)'\n');

    private int Here => _at < _content.Length ? _content[_at] : -3;

    private bool At(int at, ReadOnlySpan<byte> what) => at <= _content.Length && _content.AsSpan(at).StartsWith(what);
}
