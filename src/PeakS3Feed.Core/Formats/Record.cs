namespace PeakS3Feed.Formats;

/// <summary>
/// The current row of a reader, as slices of bytes without strings. A reader owns one record and refills it: its contents are valid until the next
/// <see cref="RecordReader.Read"/>. The bytes of a row are valid UTF-8, except the raw text of a malformed row.
/// </summary>
public sealed class Record
{
    private const int MaxCopyGrowth = 64 * 1024;

    private FieldSlice[] _fields = new FieldSlice[32];

    /// <summary>The decompressed bytes that hold the values of slices without <see cref="FieldSlice.Scratch"/>.</summary>
    public byte[] Buffer { get; set; } = [];

    /// <summary>The unescaped values of slices with <see cref="FieldSlice.Scratch"/>.</summary>
    public byte[] Scratch => Unescaped.Bytes;

    /// <summary>The number of bytes of <see cref="Scratch"/> that are in use.</summary>
    public int ScratchLength => Unescaped.Length;

    /// <summary>The unescaped values.</summary>
    internal ScratchBytes Unescaped { get; } = new();

    /// <summary>The number of fields, in the order of the reader's <see cref="RecordReader.Fields"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The physical line on which the row begins, from 1.</summary>
    public long Line { get; set; }

    /// <summary>The offset of the row's first byte in the decompressed content, from 0.</summary>
    public long ByteOffset { get; set; }

    /// <summary>The memory that it keeps for values.</summary>
    internal int CapacityInBytes => Buffer.Length + Scratch.Length;

    /// <summary>The location of the whole row in <see cref="Buffer"/>, without its line end.</summary>
    public (int Start, int Length) RawRange { get; set; }

    /// <summary>The source text of the whole row, without its line end.</summary>
    public ReadOnlySpan<byte> Raw => Buffer.AsSpan(RawRange.Start, RawRange.Length);

    /// <summary>The location of a field's value, and how the file writes it.</summary>
    public ref readonly FieldSlice Slice(int field) => ref _fields[field];

    /// <summary>How the file writes a field's value.</summary>
    public FieldKind Kind(int field) => _fields[field].Kind;

    /// <summary>The bytes of a field's value, without quotes and escapes.</summary>
    public ReadOnlySpan<byte> Value(int field)
    {
        ref readonly var slice = ref _fields[field];
        return (slice.Scratch ? Scratch : Buffer).AsSpan(slice.Start, slice.Length);
    }

    /// <summary>Copies a row, with its values, from another record.</summary>
    internal void CopyFrom(Record row)
    {
        (Line, ByteOffset, RawRange) = (row.Line, row.ByteOffset, (0, row.RawRange.Length));
        if (Buffer.Length < row.RawRange.Length)
            Buffer = new byte[Math.Max(row.RawRange.Length, Math.Min(MaxCopyGrowth, Buffer.Length * 2))];
        row.Raw.CopyTo(Buffer);
        Clear();
        ClearScratch();
        AppendScratch(row.Scratch.AsSpan(0, row.ScratchLength));
        for (var field = 0; field < row.Count; field++)
        {
            var slice = row.Slice(field);
            Add(slice.Scratch ? slice : slice with { Start = slice.Start - row.RawRange.Start });
        }
    }

    /// <summary>Removes all fields.</summary>
    public void Clear() => Count = 0;

    /// <summary>Removes the unescaped bytes.</summary>
    public void ClearScratch() => Unescaped.Clear();

    /// <summary>Adds unescaped bytes.</summary>
    public void AppendScratch(ReadOnlySpan<byte> bytes) => Unescaped.Append(bytes);

    /// <summary>Sets all fields. Those at the end that are missing are not counted.</summary>
    internal void SetFields(ReadOnlySpan<FieldSlice> fields)
    {
        while (fields is [.., { Kind: FieldKind.Missing }])
            fields = fields[..^1];
        if (_fields.Length < fields.Length)
            Array.Resize(ref _fields, Math.Max(fields.Length, _fields.Length * 2));
        fields.CopyTo(_fields);
        Count = fields.Length;
    }

    /// <summary>Changes the kind of a field.</summary>
    public void SetKind(int field, FieldKind kind) => _fields[field] = _fields[field] with { Kind = kind };

    /// <summary>Adds the next field.</summary>
    public void Add(FieldSlice slice)
    {
        if (Count == _fields.Length)
            Array.Resize(ref _fields, Count * 2);
        _fields[Count++] = slice;
    }

    /// <summary>Sets a field by its position. Earlier fields that were not set are <see cref="FieldKind.Missing"/>.</summary>
    public void Set(int field, FieldSlice slice)
    {
        while (Count <= field)
            Add(default);
        _fields[field] = slice;
    }
}

/// <summary>The location of one field's value.</summary>
/// <param name="Start">The index of the first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Kind">How the file writes the value.</param>
/// <param name="Scratch">Whether the value is in <see cref="Record.Scratch"/> instead of <see cref="Record.Buffer"/>.</param>
public readonly record struct FieldSlice(int Start, int Length, FieldKind Kind, bool Scratch = false);

/// <summary>How the file writes a field's value. It decides what is NULL, text or a number.</summary>
public enum FieldKind : byte
{
    /// <summary>The row does not have this field.</summary>
    Missing,

    /// <summary>An explicit NULL (JSON null, or one of the feed's NULL values in CSV).</summary>
    Null,

    /// <summary>A CSV value without quotes.</summary>
    Unquoted,

    /// <summary>A CSV value in quotes; the value has its quotes and escapes removed.</summary>
    Quoted,

    /// <summary>A JSON string, unescaped.</summary>
    JsonString,

    /// <summary>A JSON number, as its source token.</summary>
    JsonNumber,

    /// <summary>JSON true or false, as its source token.</summary>
    JsonBoolean,

    /// <summary>A nested JSON object or array, as its source text.</summary>
    JsonNested,
}
