namespace PeakS3Feed.Formats.Csv;

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
