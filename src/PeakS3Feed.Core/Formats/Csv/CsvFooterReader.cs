namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Leaves out the last rows of a file. It holds back as many rows, well-formed or not, until it knows that others follow. Rows of a block are not
/// copied: the last ones of each block stay in the buffer. Owns the reader.
/// </summary>
/// <param name="rows">The reader of all rows.</param>
/// <param name="count">The number of rows to leave out; at least 1.</param>
internal sealed class CsvFooterReader(CsvReader rows, int count) : RecordReader
{
    /// <summary>The maximum number of bytes of the rows that are held back: 16 MiB.</summary>
    public const int MaxHeldBytes = MaxRowBytes;

    // A row that was long leaves memory with its use: a thousand of them would be gigabytes.
    private const int MaxKeptBytes = 64 * 1024;

    private readonly Queue<HeldRow> _held = [];
    private readonly Stack<HeldRow> _free = [];
    private long _heldBytes;
    private HeldRow? _given;

    public override IReadOnlyList<string> Fields => rows.Fields;

    public override bool FieldsGrow => rows.FieldsGrow;

    internal override (long Line, long ByteOffset) FieldsAt => rows.FieldsAt;

    internal override string? FileSeparator => rows.FileSeparator;

    public override ReadResult Read()
    {
        while (_held.Count - 1 + RowsAhead() < count)
        {
            var result = rows.Read();
            foreach (var warning in rows.TakeWarnings())
                Warn(warning);
            if (result is ReadResult.NeedsData or ReadResult.End)
                return result;
            Hold(result);
        }

        return Give();
    }

    public override ValueTask FillAsync(CancellationToken cancellationToken) => rows.FillAsync(cancellationToken);

    public override ValueTask DisposeAsync() => rows.DisposeAsync();

    internal override CsvRowBlock? Ahead()
    {
        if (_held.Count > 0 || rows.Ahead() is not { } block)
            return null;
        block.Withheld = count;
        return block.First < block.End ? block : null;
    }

    internal override void Take(int taken) => rows.Take(taken);

    // A row that is held back and followed by a block needs no other row to be read.
    private int RowsAhead()
    {
        if (_held.Count == 0 || rows.Ahead() is not { } block)
            return 0;
        block.Withheld = 0;
        return block.End - block.First;
    }

    private void Hold(ReadResult result)
    {
        var row = _free.TryPop(out var free) ? free : new HeldRow();
        row.Set(result, rows);
        _heldBytes += row.Record.RawRange.Length;
        _held.Enqueue(row);
        if (_heldBytes - (_held.Count > count ? _held.Peek().Record.RawRange.Length : 0) > MaxHeldBytes)
            throw FormatErrors.CsvFooterTooLong(rows.ObjectUri, row.Record.Line, count);
    }

    private ReadResult Give()
    {
        if (_given is not null && _given.Record.CapacityInBytes <= MaxKeptBytes)
            _free.Push(_given);
        _given = _held.Dequeue();
        _heldBytes -= _given.Record.RawRange.Length;
        (Current, MalformedReason, MalformedField) = (_given.Record, _given.Reason, _given.Field);
        return _given.Result;
    }

    private sealed class HeldRow
    {
        public Record Record { get; } = new();

        public ReadResult Result { get; private set; }

        public string Reason { get; private set; } = "";

        public string? Field { get; private set; }

        public void Set(ReadResult result, RecordReader reader)
        {
            Record.CopyFrom(reader.Current);
            (Result, Reason, Field) = (result, reader.MalformedReason, reader.MalformedField);
        }
    }
}
