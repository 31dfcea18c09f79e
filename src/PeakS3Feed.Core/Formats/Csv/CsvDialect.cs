using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace PeakS3Feed.Formats.Csv;

/// <summary>The special bytes of one file: the options prepared for scanning, and the line end once it is known.</summary>
internal sealed class CsvDialect
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';
    private const int None = -1;

    private readonly CsvLineEndRule _rule;
    private readonly SearchValues<byte> _lineStops;
    private CsvLineEnd _lineEnd;

    public CsvDialect(CsvOptions options)
    {
        Quote = Ascii(options.Quote, nameof(options.Quote));
        var escape = Ascii(options.Escape, nameof(options.Escape));
        Escape = escape == Quote ? None : escape;
        Separator = Encoding.UTF8.GetBytes(options.Separator ?? ",");
        if (Separator.Length == 0 || Separator.Any(b => b is Cr or Lf || b == Quote || b == Escape))
        {
            throw FormatErrors.CsvDialectInvalid(
                "The separator must have at least one character, and must not contain a line end, the quote or the escape.",
                "Give Comma, Tab, Pipe, Semicolon, Space, Auto, or the characters themselves.");
        }

        Comment = Encoding.UTF8.GetBytes(options.CommentPrefix ?? "");
        Trims = options.TrimValues;
        _rule = options.LineEnd;
        _lineEnd = _rule switch
        {
            CsvLineEndRule.CrLf => CsvLineEnd.CrLf,
            CsvLineEndRule.Lf => CsvLineEnd.Lf,
            CsvLineEndRule.Cr => CsvLineEnd.Cr,
            _ => CsvLineEnd.Unknown,
        };
        QuotedStops = SearchValues.Create(Special(Quote, Escape));
        UnquotedStops = SearchValues.Create(Special(Separator[0], Escape, Cr, Lf));
        _lineStops = SearchValues.Create(Special(Escape, Cr, Lf));
    }

    /// <summary>The separator's UTF-8 bytes.</summary>
    public byte[] Separator { get; }

    /// <summary>The quote, or -1.</summary>
    public int Quote { get; }

    /// <summary>The escape, or -1 where quotes are doubled.</summary>
    public int Escape { get; }

    /// <summary>The UTF-8 bytes with which comments begin; none where there are no comments.</summary>
    public byte[] Comment { get; }

    /// <summary>Whether white space around values is not part of them.</summary>
    public bool Trims { get; }

    /// <summary>The bytes at which a scan inside quotes stops.</summary>
    public SearchValues<byte> QuotedStops { get; }

    /// <summary>
    /// The bytes at which a scan outside quotes stops. They include CR and LF also where these are data in this file, so that the reader can warn.
    /// </summary>
    public SearchValues<byte> UnquotedStops { get; }

    /// <summary>
    /// The line end of the file. With the rule Auto, CR LF becomes LF, because LF alone ends rows too and a CR before it is part of the line end.
    /// </summary>
    public CsvLineEnd LineEnd
    {
        get => _lineEnd;
        set
        {
            if (_lineEnd == value)
                return;
            BeganWithCrLf = value == CsvLineEnd.CrLf && _rule == CsvLineEndRule.Auto;
            _lineEnd = BeganWithCrLf ? CsvLineEnd.Lf : value;
        }
    }

    /// <summary>Whether the first line ends in CR LF and LF alone also ends rows.</summary>
    public bool BeganWithCrLf { get; private set; }

    /// <summary>Whether the feed specifies the line end of its files.</summary>
    public bool IsLineEndGiven => _rule is not CsvLineEndRule.First and not CsvLineEndRule.Auto;

    /// <summary>The number of line ends in some bytes, inside quotes or not: as an editor counts lines.</summary>
    public int LinesIn(ReadOnlySpan<byte> bytes) => bytes.Count(_lineEnd == CsvLineEnd.Cr ? Cr : Lf);

    /// <summary>
    /// The length of the line end at the start of <paramref name="next"/>: 0 where there is none, -1 where more bytes are needed to decide.
    /// <paramref name="found"/> is the file's line end according to it.
    /// </summary>
    public int LineEndAt(ReadOnlySpan<byte> next, bool final, out CsvLineEnd found)
    {
        found = _lineEnd;
        if (next.IsEmpty)
            return final ? 0 : -1;
        var crlf = next[0] == Cr && next.Length > 1 && next[1] == Lf;
        var undecided = next[0] == Cr && next.Length == 1 && !final;
        switch (_lineEnd)
        {
            case CsvLineEnd.Lf:
                return next[0] == Lf ? 1 : crlf ? 2 : undecided ? -1 : 0;
            case CsvLineEnd.CrLf:
                return crlf ? 2 : undecided ? -1 : 0;
            case CsvLineEnd.Cr:
                return next[0] == Cr ? 1 : 0;
            default:
                if (undecided)
                    return -1;
                found = crlf ? CsvLineEnd.CrLf : next[0] == Lf ? CsvLineEnd.Lf : CsvLineEnd.Cr;
                return crlf ? 2 : next[0] is Cr or Lf ? 1 : 0;
        }
    }

    /// <summary>
    /// Finds the line that begins at <paramref name="start"/>. It ends at the first line end without an escape before it, inside quotes or not. Null
    /// when the line is not completely in memory.
    /// </summary>
    public CsvLine? FindLine(byte[] bytes, int start, int end, bool final)
    {
        for (var at = start; ;)
        {
            var hop = bytes.AsSpan(at, end - at).IndexOfAny(_lineStops);
            if (hop < 0)
                return final ? new CsvLine(end, end, _lineEnd) : null;
            at += hop;
            var isEscape = bytes[at] == Escape;
            var found = _lineEnd;
            var length = isEscape ? EscapedAt(bytes.AsSpan(at + 1, end - at - 1), final) : LineEndAt(bytes.AsSpan(at, end - at), final, out found);
            if (length < 0)
                return null;
            if (length > 0 && !isEscape)
                return new CsvLine(at, at + length, found);
            at += isEscape ? 1 + length : 1;
        }
    }

    /// <summary>
    /// The separator's length when <paramref name="next"/> begins with it, 0 when it does not, -1 when more bytes are needed to decide.
    /// </summary>
    public int SeparatorAt(ReadOnlySpan<byte> next, bool final)
    {
        if (next.StartsWith(Separator))
            return Separator.Length;
        return !final && next.Length < Separator.Length && Separator.AsSpan().StartsWith(next) ? -1 : 0;
    }

    /// <summary>
    /// The number of bytes that an escape before <paramref name="next"/> makes literal; 0 for none, -1 when more bytes are needed to decide.
    /// </summary>
    public int EscapedAt(ReadOnlySpan<byte> next, bool final)
    {
        if (next.IsEmpty)
            return final ? 0 : -1;
        if (next[0] == Quote || next[0] == Escape)
            return 1;
        var separator = SeparatorAt(next, final);
        return separator != 0 ? separator : LineEndAt(next, final, out _);
    }

    private static int Ascii(char? character, string name)
    {
        if (character is null)
            return None;
        if (char.IsAscii(character.Value) && character is not ('\r' or '\n'))
            return character.Value;
        throw FormatErrors.CsvDialectInvalid($"{name} must be one ASCII character and not a line end.", "Omit it for the default.");
    }

    private static byte[] Special(params ReadOnlySpan<int> bytes)
    {
        var special = new List<byte>();
        foreach (var b in bytes)
        {
            if (b != None)
                special.Add((byte)b);
        }

        return [.. special];
    }
}

/// <summary>A physical line in memory. Quotes have no meaning for it.</summary>
/// <param name="End">The index after its last byte.</param>
/// <param name="Next">The index after its line end.</param>
/// <param name="LineEnd">The file's line end according to this line.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CsvLine(int End, int Next, CsvLineEnd LineEnd);

/// <summary>The line end of a file's rows. The first line end outside quotes decides it.</summary>
internal enum CsvLineEnd
{
    /// <summary>No line end was found yet.</summary>
    Unknown,

    /// <summary>LF. A CR directly before it is part of the line end.</summary>
    Lf,

    /// <summary>CR LF. CR or LF alone is data.</summary>
    CrLf,

    /// <summary>CR. LF is data.</summary>
    Cr,
}
