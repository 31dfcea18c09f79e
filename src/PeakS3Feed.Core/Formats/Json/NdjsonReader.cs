using System.Globalization;

namespace PeakS3Feed.Formats.Json;

/// <summary>
/// Reads one JSON object from each line, by the rules of docs/formats.md. A line that is not an object is a reject and does not affect the next line.
/// Owns the stream. Reading throws with id <c>FileNotText</c>, <c>EncodingNotUtf8</c>, <c>JsonRowTooLong</c> or <c>JsonTooManyFields</c>.
/// </summary>
internal sealed class NdjsonReader : JsonReader
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private readonly JsonRowBlock _block = new();
    private readonly NdjsonBlockScanner _scanner;

    // Known after the first line end. CR is the line end only if the first one is a single CR.
    private byte? _lineEnd;
    private long _line = 1;

    /// <summary>Creates a reader at the first byte of the content.</summary>
    /// <param name="input">The decompressed content.</param>
    /// <param name="objectUri">The name of the object in errors.</param>
    public NdjsonReader(InputBuffer input, string objectUri)
        : base(input, objectUri) => _scanner = new NdjsonBlockScanner(Plain, _block);

    /// <inheritdoc/>
    public override ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _block.Clear();
        return base.FillAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _block.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    internal override JsonRowBlock? Ahead()
    {
        if (_lineEnd != Lf || ParsesAll)
            return null;
        // A row that was read singly may have added fields.
        if (_block.Width != Fields.Count || !_block.SeekTo(Input.Start))
            _scanner.Scan(Input.Bytes, Input.Start, Input.End, Fields.Count);
        return _block.First < _block.End ? _block : null;
    }

    /// <inheritdoc/>
    internal override void Take(int rows)
    {
        var length = _block.StartOf(_block.First + rows) - Input.Start;
        _block.Take(rows);
        _line += rows;
        Input.Advance(length);
    }

    protected override ReadResult ReadRow()
    {
        while (Input.Length > 0 || !Input.Ended)
        {
            Locate(_line);
            if (!TryFindLine(out var line, out var next))
                return ReadResult.NeedsData;
            var blanks = line.IndexOfAnyExcept(" \t\r\n"u8);
            var result = blanks < 0 ? ReadResult.NeedsData : ReadLine(line.TrimEnd(Cr), blanks);
            _line++;
            Input.Advance(next);
            if (blanks >= 0)
                return result;
        }

        return ReadResult.End;
    }

    private bool TryFindLine(out ReadOnlySpan<byte> line, out int next)
    {
        var unread = Input.Unread;
        var end = _lineEnd is { } known ? unread.IndexOf(known) : FirstLineEnd(unread);
        var length = end < 0 ? unread.Length : end;
        // A CR at the end may be part of the line end. So a row of exactly the limit is accepted however the chunks fall.
        var isOpen = end < 0 && Input.Ended;
        if (length - (!isOpen && unread[..length] is [.., Cr] ? 1 : 0) > MaxRowBytes)
            throw JsonErrors.RowTooLong(Position());
        next = end < 0 ? unread.Length : end + 1;
        line = unread[..(end < 0 ? unread.Length : end)];
        return end >= 0 || Input.Ended;
    }

    private int FirstLineEnd(ReadOnlySpan<byte> unread)
    {
        var end = unread.IndexOfAny(Cr, Lf);
        if (end < 0)
            return end;
        // The byte after a CR decides.
        if (unread[end] == Cr && end + 1 == unread.Length && !Input.Ended)
            return -1;
        if (unread[end] == Lf || (end + 1 < unread.Length && unread[end + 1] == Lf))
        {
            _lineEnd = Lf;
            return unread[end] == Lf ? end : end + 1;
        }

        _lineEnd = Cr;
        return end;
    }

    private ReadResult ReadLine(ReadOnlySpan<byte> line, int blanks)
    {
        var text = line[blanks..].TrimEnd(" \t\r\n"u8);
        if (TryReadPlain(text, blanks, out var length) && length == text.Length)
            return Take(line.Length, null, null);
        var outcome = Parse(text, blanks, isAll: false);
        // Only the end of the line shows where a number or a word ends.
        if (outcome == JsonOutcome.Partial && text[0] is not ((byte)'{' or (byte)'['))
            outcome = Parse(text, blanks, isAll: true);
        if (outcome == JsonOutcome.Value && Parser.Complaint is { } complaint)
            return Take(line.Length, complaint, Parser.FieldAtFault);
        if (outcome == JsonOutcome.Value && Parser.Length < text.Length)
            Parser.Undo();
        var misfit = outcome switch
        {
            JsonOutcome.Value when Parser.Length == text.Length => null,
            JsonOutcome.Value => "text follows the object of this line",
            JsonOutcome.Partial when text[0] == '['
                => "the line begins an array and does not end it. If the file is one array, its file type is Json",
            JsonOutcome.Partial => "the line ends before its object does",
            _ => string.Create(
                CultureInfo.InvariantCulture, $"the line is not valid JSON at its byte {SourceBytesTo(blanks + Parser.InvalidAt) + 1}"),
        };
        return Take(line.Length, misfit, null);
    }

    private long SourceBytesTo(int position) => Input.SourceOffsetOf(Input.Start + position) - Input.SourceOffset;
}
