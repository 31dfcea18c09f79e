using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Json;

/// <summary>
/// Reads a file that is one array of objects, element by element, by the rules of docs/formats.md. Owns the stream. Reading throws with id
/// <c>FileNotText</c>, <c>EncodingNotUtf8</c>, <c>JsonNotArray</c>, <c>JsonInvalid</c>, <c>JsonTruncated</c>, <c>JsonRowTooLong</c> or
/// <c>JsonTooManyFields</c>.
/// </summary>
internal sealed class JsonArrayReader : JsonReader
{
    private readonly JsonLines _lines = new();
    private Expected _expected = Expected.Array;
    private long? _lineStart;

    /// <summary>Creates a reader at the first byte of the content.</summary>
    /// <param name="input">The decompressed content.</param>
    /// <param name="objectUri">The name of the object in errors.</param>
    public JsonArrayReader(InputBuffer input, string objectUri)
        : base(input, objectUri)
    {
    }

    private enum Expected
    {
        Array,
        ElementOrEnd,
        Element,
        CommaOrEnd,
        Nothing,
    }

    protected override ReadResult ReadRow()
    {
        _lineStart ??= Input.SourceOffset;
        while (true)
        {
            SkipBlanks();
            Locate(_lines.Line);
            if (Input.Length == 0)
                return Input.Ended ? End() : ReadResult.NeedsData;
            var next = Input.Unread[0];
            switch (_expected)
            {
                case Expected.Array when next == '[':
                    Advance(1, Expected.ElementOrEnd);
                    break;
                case Expected.Array when next == '{':
                    if (Input.Length < JsonObjectFile.SampleBytes && !Input.Ended)
                        return ReadResult.NeedsData;
                    throw JsonErrors.IsObject(Position(), JsonObjectFile.Inspect(Input.Unread, Input.Ended));
                case Expected.Array:
                    throw JsonErrors.NotArray(Position(), next);
                case Expected.ElementOrEnd or Expected.CommaOrEnd when next == ']':
                    Advance(1, Expected.Nothing);
                    break;
                case Expected.CommaOrEnd when next == ',':
                    Advance(1, Expected.Element);
                    break;
                case Expected.CommaOrEnd:
                    throw Invalid(0, "a comma or ] is missing");
                case Expected.Nothing:
                    throw Invalid(0, "there is data after the array");
                default:
                    return ReadElement();
            }
        }
    }

    private ReadResult ReadElement()
    {
        if (TryReadPlain(Input.Unread, 0, out var plain) && plain <= MaxRowBytes)
            return TakeElement(plain, null, null);
        var outcome = Parse(Input.Unread, behind: 0, isAll: false);
        var length = outcome switch { JsonOutcome.Value => Parser.Length, JsonOutcome.Invalid => Parser.InvalidAt, _ => Input.Length };
        if (length > MaxRowBytes)
            throw JsonErrors.RowTooLong(Position());
        if (outcome == JsonOutcome.Invalid)
            throw Invalid(Parser.InvalidAt, "there is an unexpected character");
        if (outcome == JsonOutcome.Partial)
            return Input.Ended ? throw JsonErrors.Truncated(Position()) : ReadResult.NeedsData;
        return TakeElement(Parser.Length, Parser.Complaint, Parser.FieldAtFault);
    }

    private ReadResult TakeElement(int length, string? complaint, string? field)
    {
        var result = Take(length, complaint, field);
        Advance(length, Expected.CommaOrEnd);
        return result;
    }

    private ReadResult End() => _expected switch
    {
        Expected.Nothing => ReadResult.End,
        Expected.Array => throw JsonErrors.NotArray(Position(), null),
        _ => throw JsonErrors.Truncated(Position()),
    };

    private void SkipBlanks()
    {
        var blanks = Input.Unread.IndexOfAnyExcept(" \t\r\n"u8);
        Advance(blanks < 0 ? Input.Length : blanks, _expected);
    }

    private void Advance(int count, Expected expected)
    {
        _expected = expected;
        if (count == 0)
            return;
        var passed = Input.Unread[..count];
        var lineEnd = passed.LastIndexOfAny((byte)'\r', (byte)'\n');
        if (lineEnd >= 0)
            _lineStart = Input.SourceOffsetOf(Input.Start + lineEnd + 1);
        _lines.Advance(passed, lineEnd >= 0);
        Input.Advance(count);
    }

    private FeedException Invalid(int at, string what)
    {
        var before = Input.Unread[..at];
        var lineEnd = before.LastIndexOfAny((byte)'\r', (byte)'\n');
        var lineStart = lineEnd < 0 ? _lineStart!.Value : Input.SourceOffsetOf(Input.Start + lineEnd + 1);
        var offset = Input.SourceOffsetOf(Input.Start + at);
        return JsonErrors.Invalid(Position() with { Line = _lines.LineBehind(before), ByteOffset = offset }, offset - lineStart + 1, what);
    }
}

/// <summary>Counts physical lines: LF, CR LF and a single CR end a line. In JSON they occur only in white space, never in a value.</summary>
internal sealed class JsonLines
{
    private bool _behindCr;

    /// <summary>The line of the next byte, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Advances past bytes.</summary>
    /// <param name="bytes">The bytes, at least one.</param>
    /// <param name="endsLine">Whether the bytes contain a CR or LF.</param>
    public void Advance(ReadOnlySpan<byte> bytes, bool endsLine)
    {
        if (endsLine)
            Line += LinesIn(bytes);
        _behindCr = bytes[^1] == '\r';
    }

    /// <summary>Returns the line of a byte further on.</summary>
    /// <param name="before">The bytes from the current position to that byte.</param>
    public long LineBehind(ReadOnlySpan<byte> before) => Line + LinesIn(before);

    private int LinesIn(ReadOnlySpan<byte> bytes)
    {
        var lines = bytes.Count((byte)'\n') + bytes.Count((byte)'\r') - bytes.Count("\r\n"u8);
        return _behindCr && bytes is [(byte)'\n', ..] ? lines - 1 : lines;
    }
}
