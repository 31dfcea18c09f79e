using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Rows of CSV. Each has as many fields as the file. The value of a quoted field is between its quotes.</summary>
internal sealed class CsvRowBlock(int quote, NullValues nulls, bool trims) : RowBlock, IDisposable
{
    private const int Slack = 16;

    private readonly bool _allNeedCare = nulls.Any || trims;
    private byte[] _buffer = [];

    // The position before the first row, then the position after each field, row by row. The next field starts one byte later.
    private int[] _positions = [];

    // Of each field, because columns are read at the same time.
    private byte[]?[] _unescaped = [];
    private int _width;
    private int _rows; // all rows that were found; _end is not greater
    private int _end;

    /// <summary>The index after the last row that can be consumed. The next row does not exist or is not valid UTF-8.</summary>
    public override int End => Math.Max(First, _end - Withheld);

    /// <summary>The number of rows at the end that must not be consumed, although they are in order.</summary>
    public int Withheld { get; set; }

    /// <summary>Removes the rows, because their bytes have moved.</summary>
    public void Clear() => _rows = First = _end = 0;

    /// <summary>
    /// Returns an array for the positions in <paramref name="bytes"/> bytes of rows: one before the first row, and one for each separator and line
    /// feed. The scanner may write a few more.
    /// </summary>
    public int[] Reserve(int bytes)
    {
        if (_positions.Length < bytes + Slack)
        {
            ReturnPositions();
            _positions = ArrayPool<int>.Shared.Rent(bytes + Slack);
        }

        return _positions;
    }

    /// <summary>Sets the rows, after the scanner has filled in the positions.</summary>
    public void SetRows(byte[] buffer, int width, int rows)
    {
        (_buffer, _width, First, _rows) = (buffer, width, 0, rows);
        MayHaveNul = Bytes(0, rows).Contains((byte)0);
        _end = ValidEnd();
        if (_unescaped.Length < width)
            Array.Resize(ref _unescaped, width);
    }

    /// <inheritdoc cref="RowBlock.SeekTo(int, int)"/>
    public bool SeekTo(int position)
    {
        var found = SeekTo(position, _rows);
        // The row that was read singly may be the one that is not valid UTF-8.
        if (First > _end)
            _end = ValidEnd();
        return found;
    }

    /// <inheritdoc/>
    public override int StartOf(int row) => _positions[row * _width] + 1;

    /// <inheritdoc/>
    public override int LengthOf(int row)
    {
        var bytes = Bytes(row, row + 1)[..^1];
        return bytes is [.., (byte)'\r'] ? bytes.Length - 1 : bytes.Length;
    }

    /// <summary>The bytes of a field's source texts and their separators.</summary>
    public override int RoomFor(int field, int from, int to)
    {
        var bytes = 0;
        for (int at = (from * _width) + field, end = (to * _width) + field; at < end; at += _width)
            bytes += _positions[at + 1] - _positions[at];
        return bytes;
    }

    /// <summary>Enumerates the source text of a field, from <paramref name="row"/> on.</summary>
    public CsvFieldRows Field(int field, int row) => new(this, _buffer, _positions, row, field, _width);

    /// <summary>
    /// Whether the source text of a field may differ from its value: it is quoted or empty, or it may be a NULL value or have white space around it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NeedsCare(ReadOnlySpan<byte> written) => written.IsEmpty || written[0] == quote || _allNeedCare;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Value(int row, int field, out FieldKind kind) => Value(Field(field, row).Next(out _), field, out kind);

    /// <summary>The value that a source text of a field stands for, and how the file writes it; valid until the next call for that field.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> written, int field, out FieldKind kind)
    {
        if (written.IsEmpty || written[0] != quote)
        {
            written = trims ? Blanks.Trim(written) : written;
            kind = nulls.IsNull(written) ? FieldKind.Null : FieldKind.Unquoted;
            return written;
        }

        var value = written[1..^1];
        kind = nulls.IsNullInQuotes(value) ? FieldKind.Null : FieldKind.Quoted;
        return value.Contains((byte)quote) ? Unescape(value, ref _unescaped[field]) : value;
    }

    public void Dispose()
    {
        Clear();
        ReturnPositions();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> value, ref byte[]? unescaped)
    {
        if (unescaped is null || unescaped.Length < value.Length)
            unescaped = new byte[value.Length * 2];
        var length = 0;
        for (var pair = value.IndexOf((byte)quote); pair >= 0; pair = value.IndexOf((byte)quote))
        {
            value[..(pair + 1)].CopyTo(unescaped.AsSpan(length));
            length += pair + 1;
            value = value[(pair + 2)..];
        }

        value.CopyTo(unescaped.AsSpan(length));
        return unescaped.AsSpan(0, length + value.Length);
    }

    // The index after the last row, from First on, that is valid UTF-8.
    private int ValidEnd()
    {
        if (Utf8.IsValid(Bytes(First, _rows)))
            return _rows;
        var row = First;
        while (row < _rows && Utf8.IsValid(Bytes(row, row + 1)))
            row++;
        return row;
    }

    private ReadOnlySpan<byte> Bytes(int from, int to) => _buffer.AsSpan(StartOf(from), StartOf(to) - StartOf(from));

    private void ReturnPositions()
    {
        if (_positions.Length > 0)
            ArrayPool<int>.Shared.Return(_positions);
        _positions = [];
    }
}

/// <summary>Enumerates the source text of one field over the rows of a block.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct CsvFieldRows : IFieldRows
{
    private readonly CsvRowBlock _block;
    private readonly ref byte _buffer;
    private readonly int _end;
    private readonly int _field;
    private readonly int _width;
    private readonly bool _isLast;
    private ref int _position;
    private int _start;
    private int _length;

    /// <param name="block">The block.</param>
    /// <param name="buffer">The buffer that the positions refer to.</param>
    /// <param name="positions">The positions of the block.</param>
    /// <param name="row">The row of the first value.</param>
    /// <param name="field">The field.</param>
    /// <param name="width">The number of fields of a row.</param>
    public CsvFieldRows(CsvRowBlock block, byte[] buffer, int[] positions, int row, int field, int width)
    {
        _block = block;
        _buffer = ref MemoryMarshal.GetArrayDataReference(buffer);
        _end = buffer.Length;
        _field = field;
        _width = width;
        _isLast = field == width - 1; // a CR before the line feed is not part of its value
        _position = ref positions[(row * width) + field];
    }

    /// <inheritdoc/>
    public int Readable { get; private set; }

    private readonly ReadOnlySpan<byte> Written => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _buffer, _start), _length);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Next(out bool needsCare)
    {
        var start = _position + 1;
        var end = Unsafe.Add(ref _position, 1);
        _position = ref Unsafe.Add(ref _position, _width);
        if (_isLast && end > start && Unsafe.Add(ref _buffer, end - 1) == '\r')
            end--;
        (_start, _length, Readable) = (start, end - start, _end - start);
        needsCare = _block.NeedsCare(Written);
        return Written;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value(out FieldKind kind)
    {
        Readable = 0;
        return _block.Value(Written, _field, out kind);
    }
}
