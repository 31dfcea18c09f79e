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
    private const int Slack = 16;
    private const int WideFields = 32;

    private readonly bool _hasNulls = nulls.Any;
    private byte[] _buffer = [];

    // Before the first row, then behind each field, row after row: the next field begins one byte later.
    private int[] _positions = [];
    private byte[] _unescaped = [];
    private int _width;
    private int _rows; // all that were found; End is never behind it

    /// <summary>The first row that was not taken.</summary>
    public int First { get; private set; }

    /// <summary>Behind the last row that can be taken: there are no more, or the next one is not UTF-8.</summary>
    public int End { get; private set; }

    /// <summary>Whether a byte of the rows may be zero.</summary>
    public bool MayHaveNul { get; private set; }

    /// <summary>Forgets the rows, for the bytes are elsewhere now.</summary>
    public void Clear() => _rows = First = End = 0;

    /// <summary>Room for the positions in so many bytes: before the first row, and of each separator and line feed. A few more may be written.</summary>
    public int[] Reserve(int bytes)
    {
        if (_positions.Length < bytes + Slack)
        {
            ReturnPositions();
            _positions = ArrayPool<int>.Shared.Rent(bytes + Slack);
        }

        return _positions;
    }

    /// <summary>The positions are filled in.</summary>
    public void SetRows(byte[] buffer, int width, int rows)
    {
        (_buffer, _width, First, _rows) = (buffer, width, 0, rows);
        MayHaveNul = Bytes(0, rows).Contains((byte)0);
        End = ValidEnd();
    }

    /// <summary>
    /// Goes on with the row that begins at <paramref name="position"/>: the first one that was not taken, or the one behind it where that was
    /// read by itself meanwhile. Returns whether there is one.
    /// </summary>
    public bool SeekTo(int position)
    {
        if (First < _rows && StartOf(First) != position && StartOf(First + 1) == position)
            First++;
        // That row was perhaps the one that is not UTF-8.
        if (First > End)
            End = ValidEnd();
        return First < _rows && StartOf(First) == position;
    }

    /// <summary>Rows are taken.</summary>
    public void Take(int rows) => First += rows;

    /// <summary>Where a row begins; the one behind the last row is where the next one does.</summary>
    public int StartOf(int row) => _positions[row * _width] + 1;

    /// <summary>The number of bytes of a row, without its line end.</summary>
    public int LengthOf(int row)
    {
        var bytes = Bytes(row, row + 1)[..^1];
        return bytes is [.., (byte)'\r'] ? bytes.Length - 1 : bytes.Length;
    }

    /// <summary>
    /// No fewer bytes than a field has in some rows. In narrow files that is all bytes of the rows, which is quickly known; in wide ones
    /// it is counted, so that a thousand columns do not each make room for the whole block.
    /// </summary>
    public int RoomFor(int field, int from, int to)
    {
        if (_width <= WideFields)
            return StartOf(to) - StartOf(from);
        var bytes = 0;
        for (var row = from; row < to; row++)
        {
            var position = (row * _width) + field;
            bytes += _positions[position + 1] - _positions[position];
        }
        return bytes;
    }

    /// <summary>A field of the rows from <paramref name="row"/> on, as they are written.</summary>
    public FieldRows Field(int field, int row) => new(_buffer, _positions, (row * _width) + field, _width, isLast: field == _width - 1);

    /// <summary>Whether a field is perhaps not its value as it is written: it is in quotes, or NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NeedsCare(ReadOnlySpan<byte> written) => written.IsEmpty || written[0] == quote || _hasNulls;

    /// <summary>A field's value, quotes removed, and how it is written; valid until the next call.</summary>
    public ReadOnlySpan<byte> Value(int row, int field, out FieldKind kind)
    {
        var written = Field(field, row).Next();
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
        ReturnPositions();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
