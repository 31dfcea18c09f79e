using System.Runtime.CompilerServices;
using System.Buffers;
using System.Text.Unicode;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Formats;

/// <summary>
/// Rows that a reader has ahead of it in memory, not read yet: all with as many fields as the file, without anything odd, and valid UTF-8.
/// Whoever takes them can go through them column by column. What a quoted field holds stands between its quotes.
/// </summary>
internal sealed class RowBlock(int quote, CsvNullValues nulls) : IDisposable
{
    private byte[] _buffer = [];
    private int[] _starts = [];

    // Row after row; the next field begins one byte later.
    private int[] _ends = [];
    private byte[] _unescaped = [];
    private int _width;
    private int _rows;

    /// <summary>The first row that was not taken.</summary>
    public int First { get; private set; }

    /// <summary>Behind the last row.</summary>
    public int End { get; private set; }

    /// <summary>Whether a byte of the rows may be zero.</summary>
    public bool MayHaveNul { get; private set; }

    /// <summary>Where each row begins; the one behind the last row's is where the next row does.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>Forgets the rows, for the bytes are elsewhere now.</summary>
    public void Clear() => _rows = First = End = 0;

    /// <summary>
    /// Makes room for the positions of what may stand in so many bytes. Whoever fills it in may write a few positions more than there can be.
    /// </summary>
    public (int[] Starts, int[] Ends) Reserve(int bytes)
    {
        Grow(ref _starts, bytes + 2);
        Grow(ref _ends, bytes + Slack);
        return (_starts, _ends);
    }

    /// <summary>How many positions more than bytes there is room for.</summary>
    public const int Slack = 16;

    /// <summary>The positions are filled in.</summary>
    public void Hold(byte[] buffer, int width, int rows)
    {
        (_buffer, _width, First, _rows) = (buffer, width, 0, rows);
        var bytes = buffer.AsSpan(_starts[0], _starts[rows] - _starts[0]);
        MayHaveNul = bytes.Contains((byte)0);
        End = ValidEnd();
    }

    /// <summary>
    /// Whether the first row that was not taken begins at <paramref name="position"/>. It may have been read by itself meanwhile; then it is the
    /// one behind it.
    /// </summary>
    public bool IsAt(int position)
    {
        if (First < _rows && _starts[First] != position && _starts[First + 1] == position)
            First++;
        // That row was perhaps the one that is not UTF-8.
        if (First > End)
            End = ValidEnd();
        return First < _rows && _starts[First] == position;
    }

    /// <summary>Rows are taken.</summary>
    public void Take(int rows) => First += rows;

    /// <summary>The number of bytes of a row, without its line end.</summary>
    public int LengthOf(int row) => _ends[((row + 1) * _width) - 1] - _starts[row];

    /// <summary>A field as it is written, with its quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Written(int row, int field)
    {
        var start = StartOf(row, field);
        return _buffer.AsSpan(start, _ends[(row * _width) + field] - start);
    }

    /// <summary>How many bytes can be read from a field's first one on; behind the field they mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadableBehind(int row, int field) => _buffer.Length - StartOf(row, field);

    /// <summary>Whether a field is perhaps not its value as it is written: it is in quotes, or NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NeedsCare(ReadOnlySpan<byte> written) => written.IsEmpty || written[0] == quote || nulls.Any;

    /// <summary>A field's value, quotes removed, and how it is written; valid until the next call.</summary>
    public ReadOnlySpan<byte> Value(int row, int field, out FieldKind kind)
    {
        var written = Written(row, field);
        if (written.IsEmpty || written[0] != quote)
        {
            kind = nulls.IsNull(written) ? FieldKind.Null : FieldKind.Unquoted;
            return written;
        }

        kind = FieldKind.Quoted;
        var value = written[1..^1];
        return value.Contains((byte)quote) ? Unescape(value) : value;
    }

    public void Dispose()
    {
        Clear();
        Return(ref _starts);
        Return(ref _ends);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int StartOf(int row, int field) => field == 0 ? _starts[row] : _ends[(row * _width) + field - 1] + 1;

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> value)
    {
        if (_unescaped.Length < value.Length)
            _unescaped = new byte[value.Length * 2];
        var length = 0;
        for (var pair = value.IndexOf((byte)quote); pair >= 0; pair = value.IndexOf((byte)quote))
        {
            value[..(pair + 1)].CopyTo(_unescaped.AsSpan(length));
            length += pair + 1;
            value = value[(pair + 2)..];
        }

        value.CopyTo(_unescaped.AsSpan(length));
        return _unescaped.AsSpan(0, length + value.Length);
    }

    // Behind the last row from the first one on that is valid UTF-8, as all before it are.
    private int ValidEnd()
    {
        if (Utf8.IsValid(_buffer.AsSpan(_starts[First], _starts[_rows] - _starts[First])))
            return _rows;
        var row = First;
        while (row < _rows && Utf8.IsValid(_buffer.AsSpan(_starts[row], _starts[row + 1] - _starts[row])))
            row++;
        return row;
    }

    private static void Grow(ref int[] positions, int length)
    {
        if (positions.Length >= length)
            return;
        Return(ref positions);
        positions = ArrayPool<int>.Shared.Rent(length);
    }

    private static void Return(ref int[] positions)
    {
        if (positions.Length > 0)
            ArrayPool<int>.Shared.Return(positions);
        positions = [];
    }
}
