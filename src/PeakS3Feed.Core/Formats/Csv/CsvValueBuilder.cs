namespace PeakS3Feed.Formats.Csv;

/// <summary>One field's value while it is scanned: a slice of the file until something has to be left out, then a copy.</summary>
internal ref struct CsvValueBuilder(Record record, int start)
{
    private readonly Record _record = record;
    private int _scratchStart = -1;

    /// <summary>Where the bytes begin that are not copied yet.</summary>
    public int Segment { get; private set; } = start;

    /// <summary>Leaves out <paramref name="count"/> bytes at <paramref name="at"/>.</summary>
    public void Skip(byte[] bytes, int at, int count)
    {
        if (_scratchStart < 0)
            _scratchStart = _record.ScratchLength;
        _record.AppendScratch(bytes.AsSpan(Segment, at - Segment));
        Segment = at + count;
    }

    /// <summary>The value, which ends before <paramref name="end"/>.</summary>
    public readonly FieldSlice Finish(byte[] bytes, int end, FieldKind kind)
    {
        if (_scratchStart < 0)
            return new FieldSlice(Segment, end - Segment, kind);
        _record.AppendScratch(bytes.AsSpan(Segment, end - Segment));
        return new FieldSlice(_scratchStart, _record.ScratchLength - _scratchStart, kind, Scratch: true);
    }
}
