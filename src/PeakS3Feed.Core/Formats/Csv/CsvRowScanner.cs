namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Finds the fields of one row in memory. It jumps from one special byte to the next. A row that is not completely in memory is scanned again from
/// its start when more bytes are there.
/// </summary>
internal sealed class CsvRowScanner(CsvDialect dialect, Record record)
{
    private byte[] _bytes = [];
    private int _position;
    private int _end;
    private bool _final;
    private int _fields;
    private int _maxFields;

    private enum Stop
    {
        Separator,
        RowEnd,
        NeedsData,
    }

    /// <summary>The number of fields, including those beyond the number that is recorded.</summary>
    public int FieldCount => _fields;

    /// <summary>The index after the row's last byte; or after the closing quote that text follows.</summary>
    public int RowEnd { get; private set; }

    /// <summary>The index after the row's line end.</summary>
    public int Next => _position;

    /// <summary>Whether the row may contain line breaks.</summary>
    public bool MayBreakLines { get; private set; }

    /// <summary>The index of the quote that is still open where the scan stopped, or -1.</summary>
    public int OpenQuote { get; private set; }

    /// <summary>The index of the first CR or LF that is data outside quotes, or -1.</summary>
    public int LooseLineEnd { get; private set; }

    /// <summary>The field, from 1, with text after its closing quote, or 0. The scan stops there, because the row cannot be read.</summary>
    public int FieldWithTail { get; private set; }

    /// <summary>The number of bytes that all scans have processed.</summary>
    public long Scanned { get; private set; }

    /// <summary>Scans the row at <paramref name="start"/>; false when it is not completely in memory.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">The index of the row's first byte.</param>
    /// <param name="end">The index after the last byte in memory.</param>
    /// <param name="final">Whether the file ends there.</param>
    /// <param name="maxFields">The maximum number of fields to record.</param>
    public bool Scan(byte[] bytes, int start, int end, bool final, int maxFields)
    {
        Begin(bytes, start, end, final, maxFields);
        return Finish(start, Stop.Separator);
    }

    /// <summary>Counts the fields that end in a part of a row, into <see cref="FieldCount"/>.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="start">The index where the part begins, inside quotes.</param>
    /// <param name="end">The index where it ends, also inside quotes.</param>
    public void CountFields(byte[] bytes, int start, int end)
    {
        Begin(bytes, start, end, final: false, maxFields: 0);
        Finish(start, ScanQuoted(contentStart: start));
    }

    private void Begin(byte[] bytes, int start, int end, bool final, int maxFields)
    {
        (_bytes, _position, _end, _final, _maxFields, _fields) = (bytes, start, end, final, maxFields, 0);
        (MayBreakLines, OpenQuote, LooseLineEnd, FieldWithTail) = (false, -1, -1, 0);
        record.Clear();
        record.ClearScratch();
    }

    private bool Finish(int start, Stop stop)
    {
        while (stop == Stop.Separator)
            stop = ScanField();
        Scanned += (stop == Stop.RowEnd ? _position : _end) - start;
        return stop == Stop.RowEnd;
    }

    private Stop ScanField()
    {
        if (dialect.Trims)
        {
            _position = SkipBlanks(_position, out var isKnown);
            if (!isKnown)
                return Stop.NeedsData;
        }

        return _position < _end && _bytes[_position] == dialect.Quote ? ScanQuoted(_position + 1) : ScanUnquoted();
    }

    // The index of the first byte that is not white space, or is special although it is.
    private int SkipBlanks(int at, out bool isKnown)
    {
        isKnown = true;
        while (at < _end)
        {
            var next = _bytes.AsSpan(at, _end - at);
            var separator = next[0] == dialect.Separator[0] ? dialect.SeparatorAt(next, _final) : 0;
            var blank = separator != 0 || next[0] == dialect.Quote || next[0] == dialect.Escape ? 0 : Blanks.LengthAt(next, _final);
            isKnown = separator >= 0 && blank >= 0;
            if (blank <= 0)
                return at;
            at += blank;
        }

        isKnown = _final;
        return at;
    }

    private Stop ScanUnquoted()
    {
        var start = _position;
        var literalEnd = start;
        var value = new CsvValueBuilder(record, start);
        var at = start;
        while (true)
        {
            var hop = _bytes.AsSpan(at, _end - at).IndexOfAny(dialect.UnquotedStops);
            if (hop < 0)
                return _final ? EndRow(ref value, _end, literalEnd, 0) : Stop.NeedsData;
            at += hop;
            var here = _bytes[at];
            int length;
            if (here == dialect.Escape)
            {
                length = dialect.EscapedAt(_bytes.AsSpan(at + 1, _end - at - 1), _final);
                if (length > 0)
                {
                    value.Skip(_bytes, at, 1);
                    MayBreakLines = true;
                    at += length;
                    literalEnd = at + 1;
                }
            }
            else if (here == dialect.Separator[0] && (length = dialect.SeparatorAt(_bytes.AsSpan(at, _end - at), _final)) != 0)
            {
                if (length > 0)
                {
                    Add(value.Finish(_bytes, ValueEnd(literalEnd, at), FieldKind.Unquoted));
                    _position = at + length;
                    return Stop.Separator;
                }
            }
            else
            {
                length = dialect.LineEndAt(_bytes.AsSpan(at, _end - at), _final, out var found);
                if (length > 0)
                {
                    dialect.LineEnd = found;
                    return EndRow(ref value, at, literalEnd, length);
                }

                if (length == 0 && LooseLineEnd < 0 && here is (byte)'\r' or (byte)'\n')
                    LooseLineEnd = at;
            }

            if (length < 0)
                return Stop.NeedsData;
            at++;
        }
    }

    private Stop ScanQuoted(int contentStart)
    {
        OpenQuote = contentStart - 1;
        MayBreakLines = true;
        var value = new CsvValueBuilder(record, contentStart);
        var at = contentStart;
        while (true)
        {
            var hop = _bytes.AsSpan(at, _end - at).IndexOfAny(dialect.QuotedStops);
            if (hop < 0)
                return Stop.NeedsData;
            at += hop;
            if (_bytes[at] == dialect.Escape)
            {
                var length = dialect.EscapedAt(_bytes.AsSpan(at + 1, _end - at - 1), _final);
                if (length < 0)
                    return Stop.NeedsData;
                if (length > 0)
                    value.Skip(_bytes, at, 1);
                at += 1 + length;
            }
            else if (dialect.Escape < 0 && at + 1 == _end && !_final)
            {
                return Stop.NeedsData;
            }
            else if (dialect.Escape < 0 && at + 1 < _end && _bytes[at + 1] == dialect.Quote)
            {
                value.Skip(_bytes, at, 1);
                at += 2;
            }
            else
            {
                return CloseQuote(ref value, at);
            }
        }
    }

    private Stop CloseQuote(ref CsvValueBuilder value, int at)
    {
        OpenQuote = -1;
        var behind = at + 1;
        if (dialect.Trims)
        {
            behind = SkipBlanks(behind, out var isKnown);
            if (!isKnown)
                return Stop.NeedsData;
        }

        var next = _bytes.AsSpan(behind, _end - behind);
        if (next.IsEmpty && _final)
        {
            Add(value.Finish(_bytes, at, FieldKind.Quoted));
            RowEnd = _position = _end;
            return Stop.RowEnd;
        }

        var found = dialect.LineEnd;
        var separator = dialect.SeparatorAt(next, _final);
        var lineEnd = separator != 0 ? 0 : dialect.LineEndAt(next, _final, out found);
        if (separator < 0 || lineEnd < 0)
            return Stop.NeedsData;
        Add(value.Finish(_bytes, at, FieldKind.Quoted));
        _position = at + 1;
        if (separator == 0 && lineEnd == 0)
        {
            FieldWithTail = _fields;
            RowEnd = _position;
            return Stop.RowEnd;
        }

        _position = behind + separator + lineEnd;
        if (lineEnd == 0)
            return Stop.Separator;
        dialect.LineEnd = found;
        RowEnd = behind;
        return Stop.RowEnd;
    }

    private Stop EndRow(ref CsvValueBuilder value, int at, int literalEnd, int lineEnd)
    {
        RowEnd = at;
        Add(value.Finish(_bytes, ValueEnd(literalEnd, at), FieldKind.Unquoted));
        _position = at + lineEnd;
        return Stop.RowEnd;
    }

    // White space after an escape belongs to the value.
    private int ValueEnd(int literalEnd, int end)
        => dialect.Trims ? literalEnd + Blanks.TrimEnd(_bytes.AsSpan(literalEnd, end - literalEnd)).Length : end;

    private void Add(FieldSlice slice)
    {
        if (_fields++ < _maxFields)
            record.Add(slice);
    }
}

/// <summary>Builds the value of one field during a scan. The value is a slice of the file until bytes must be removed; then it is a copy.</summary>
internal ref struct CsvValueBuilder(Record record, int start)
{
    private readonly Record _record = record;
    private int _scratchStart = -1;

    /// <summary>The index of the first byte that is not copied yet.</summary>
    public int Segment { get; private set; } = start;

    /// <summary>Omits <paramref name="count"/> bytes at <paramref name="at"/>.</summary>
    public void Skip(byte[] bytes, int at, int count)
    {
        if (_scratchStart < 0)
            _scratchStart = _record.ScratchLength;
        _record.AppendScratch(bytes.AsSpan(Segment, at - Segment));
        Segment = at + count;
    }

    /// <summary>Returns the value, which ends before <paramref name="end"/>.</summary>
    public readonly FieldSlice Finish(byte[] bytes, int end, FieldKind kind)
    {
        if (_scratchStart < 0)
            return new FieldSlice(Segment, end - Segment, kind);
        _record.AppendScratch(bytes.AsSpan(Segment, end - Segment));
        return new FieldSlice(_scratchStart, _record.ScratchLength - _scratchStart, kind, Scratch: true);
    }
}
