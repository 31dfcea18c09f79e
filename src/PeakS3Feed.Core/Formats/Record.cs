namespace PeakS3Feed.Formats;

/// <summary>
/// The row a reader stands on: slices of bytes, no strings. A reader owns one and refills it;
/// what it points at is valid until the next <see cref="RecordReader.Read"/>. The bytes of a row are valid UTF-8; only the raw
/// text of a malformed one need not be.
/// </summary>
public sealed class Record
{
    private FieldSlice[] _fields = new FieldSlice[32];

    /// <summary>The decompressed bytes that slices without <see cref="FieldSlice.Scratch"/> point into.</summary>
    public byte[] Buffer { get; set; } = [];

    /// <summary>Bytes of unescaped values, for slices with <see cref="FieldSlice.Scratch"/>.</summary>
    public byte[] Scratch { get; private set; } = [];

    /// <summary>How many of them are in use.</summary>
    public int ScratchLength { get; private set; }

    /// <summary>The number of fields, in the order of the reader's <see cref="RecordReader.Fields"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The physical line on which the row begins, from 1.</summary>
    public long Line { get; set; }

    /// <summary>Offset of the row's first byte in the decompressed content, from 0.</summary>
    public long ByteOffset { get; set; }

    /// <summary>Where the whole row stands in <see cref="Buffer"/>, without its line end.</summary>
    public (int Start, int Length) RawRange { get; set; }

    /// <summary>The whole row as it stands in the file, without its line end.</summary>
    public ReadOnlySpan<byte> Raw => Buffer.AsSpan(RawRange.Start, RawRange.Length);

    /// <summary>Where the field's value stands and how it was written.</summary>
    public ref readonly FieldSlice Slice(int field) => ref _fields[field];

    /// <summary>How the field's value was written.</summary>
    public FieldKind Kind(int field) => _fields[field].Kind;

    /// <summary>The field's value in the file's bytes, quotes and escapes removed.</summary>
    public ReadOnlySpan<byte> Value(int field)
    {
        ref readonly var slice = ref _fields[field];
        return (slice.Scratch ? Scratch : Buffer).AsSpan(slice.Start, slice.Length);
    }

    /// <summary>Forgets the fields.</summary>
    public void Clear() => Count = 0;

    /// <summary>Forgets the unescaped bytes.</summary>
    public void ClearScratch() => ScratchLength = 0;

    /// <summary>Adds unescaped bytes.</summary>
    public void AppendScratch(ReadOnlySpan<byte> bytes)
    {
        var length = ScratchLength + bytes.Length;
        if (length > Scratch.Length)
        {
            var grown = new byte[Math.Max(Math.Max(256, length), Scratch.Length * 2)];
            Scratch.AsSpan(0, ScratchLength).CopyTo(grown);
            Scratch = grown;
        }

        bytes.CopyTo(Scratch.AsSpan(ScratchLength));
        ScratchLength = length;
    }

    /// <summary>Changes how a field's value is understood.</summary>
    public void SetKind(int field, FieldKind kind) => _fields[field] = _fields[field] with { Kind = kind };

    /// <summary>Adds the next field.</summary>
    public void Add(FieldSlice slice)
    {
        if (Count == _fields.Length)
            Array.Resize(ref _fields, Count * 2);
        _fields[Count++] = slice;
    }

    /// <summary>Sets a field by position; those before it that were not set are <see cref="FieldKind.Missing"/>.</summary>
    public void Set(int field, FieldSlice slice)
    {
        while (Count <= field)
            Add(default);
        _fields[field] = slice;
    }
}
