using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats.Json;

/// <summary>Rows of JSON, each on one line, with a slice for each field of the file. A field that a row omits is <see cref="FieldKind.Missing"/>.</summary>
internal sealed class JsonRowBlock : RowBlock, IDisposable
{
    /// <summary>The maximum number of fields of a file whose rows are read in blocks. Rows with more fields are usually sparse.</summary>
    public const int MaxWidth = 256;

    // 96 KiB of slices stay in the processor's cache until the columns are read.
    private const int MaxSlices = 8192;

    private readonly List<int> _starts = [];
    private FieldSlice[] _slices = [];
    private byte[] _buffer = [];
    private int _lineEndBytes;

    /// <summary>The number of fields of each row.</summary>
    public int Width { get; private set; }

    /// <inheritdoc/>
    public override int End => Math.Max(0, _starts.Count - 1);

    /// <summary>Whether there is space for another row.</summary>
    public bool HasRoom => (End + 1) * Width <= MaxSlices;

    /// <summary>The unescaped values of the rows.</summary>
    public ScratchBytes Scratch { get; } = new();

    /// <summary>Removes the rows, because their bytes have moved.</summary>
    public void Clear()
    {
        First = 0;
        _starts.Clear();
    }

    /// <summary>Removes the rows and begins at a position.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="start">The index of the first row's first byte.</param>
    /// <param name="width">The number of fields of each row, at most <see cref="MaxWidth"/>.</param>
    /// <param name="lineEndBytes">The size of a line end: 1 or 2.</param>
    public void Begin(byte[] buffer, int start, int width, int lineEndBytes)
    {
        Clear();
        Scratch.Clear();
        if (_slices.Length == 0)
            _slices = ArrayPool<FieldSlice>.Shared.Rent(MaxSlices);
        (_buffer, Width, _lineEndBytes) = (buffer, width, lineEndBytes);
        _starts.Add(start);
    }

    /// <summary>The slices of the next row.</summary>
    public Span<FieldSlice> NextRow() => _slices.AsSpan(End * Width, Width);

    /// <summary>Adds the next row, whose slices are set.</summary>
    /// <param name="next">The index after its line end.</param>
    public void Add(int next) => _starts.Add(next);

    /// <summary>Completes the block after its last row.</summary>
    public void Complete() => MayHaveNul = Scratch.Bytes.AsSpan(0, Scratch.Length).Contains((byte)0);

    /// <inheritdoc cref="RowBlock.SeekTo(int, int)"/>
    public bool SeekTo(int position) => SeekTo(position, End);

    /// <inheritdoc/>
    public override int StartOf(int row) => _starts[row];

    /// <inheritdoc/>
    public override int LengthOf(int row) => _starts[row + 1] - _starts[row] - _lineEndBytes;

    /// <summary>An upper bound: no value is longer than its source text, and a row's values are shorter than the row.</summary>
    public override int RoomFor(int field, int from, int to) => StartOf(to) - StartOf(from);

    /// <summary>Enumerates the values of a field, from <paramref name="row"/> on.</summary>
    public JsonFieldRows Field(int field, int row) => new(_buffer, Scratch.Bytes, _slices, (row * Width) + field, Width);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Value(int row, int field, out FieldKind kind)
    {
        var values = Field(field, row);
        values.Next(out _);
        return values.Value(out kind);
    }

    public void Dispose()
    {
        Clear();
        if (_slices.Length > 0)
            ArrayPool<FieldSlice>.Shared.Return(_slices);
        _slices = [];
    }
}

/// <summary>Enumerates the values of one field over the rows of a block.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct JsonFieldRows : IFieldRows
{
    private readonly byte[] _buffer;
    private readonly byte[] _scratch;
    private readonly int _width;
    private ref FieldSlice _next;
    private ref FieldSlice _current;

    /// <param name="buffer">The buffer that slices refer to.</param>
    /// <param name="scratch">The buffer that slices of unescaped values refer to.</param>
    /// <param name="slices">The slices of the block.</param>
    /// <param name="first">The index of the first slice.</param>
    /// <param name="width">The number of slices of a row.</param>
    public JsonFieldRows(byte[] buffer, byte[] scratch, FieldSlice[] slices, int first, int width)
    {
        _buffer = buffer;
        _scratch = scratch;
        _width = width;
        _next = ref slices[first];
        _current = ref _next;
    }

    /// <inheritdoc/>
    public readonly int Readable => Bytes.Length - _current.Start;

    private readonly byte[] Bytes => _current.Scratch ? _scratch : _buffer;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Next(out bool needsCare)
    {
        _current = ref _next;
        _next = ref Unsafe.Add(ref _next, _width);
        // Its kind decides what a value is.
        needsCare = true;
        return default;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> Value(out FieldKind kind)
    {
        kind = _current.Kind;
        return Bytes.AsSpan(_current.Start, _current.Length);
    }
}
