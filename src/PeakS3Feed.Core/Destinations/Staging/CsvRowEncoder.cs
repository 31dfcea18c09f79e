using System.Buffers;
using System.Buffers.Text;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// Encodes rows as CSV: UTF-8, comma, line feed, quotes doubled within quotes. Each row begins with the number of its object in the load and its own
/// number in the object, both from 0. NULL is the token, and the empty text is <c>""</c>.
/// </summary>
internal sealed class CsvRowEncoder(NullToken token) : IDisposable
{
    private const int Capacity = 256 * 1024;
    private const int PlaceBytes = 42; // two numbers of at most 20 bytes, and their commas
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private FeedSchema? _schema;
    private CsvField[] _fields = [];
    private int _length;

    /// <summary>The encoded rows; valid until the next call of <see cref="Encode"/>.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>The size of the longest text of each column since the columns last changed, in bytes of UTF-8; 0 for other types.</summary>
    public IEnumerable<int> LongestTexts => _fields.Select(f => f.LongestText);

    /// <summary>Encodes rows from <paramref name="first"/> on, until they fill about 256 KiB. Returns how many; at least one.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="first">The first one.</param>
    /// <param name="ordinal">The number of their object in the load.</param>
    /// <param name="number">The number of the first row in its object.</param>
    public int Encode(RowBatch batch, int first, long ordinal, long number)
    {
        Bind(batch);
        _length = 0;
        var row = first;
        for (; row < batch.Count; row++)
        {
            var size = MaxBytes(row);
            if (size > _buffer.Length - _length)
            {
                if (row > first)
                    break;
                Grow(size);
            }
            Write(row, ordinal, number + (row - first));
        }
        return row - first;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Bind(RowBatch batch)
    {
        if (!ReferenceEquals(_schema, batch.Schema))
        {
            _schema = batch.Schema;
            _fields = [.. batch.Schema.Columns.Select(c => CsvField.Create(c, token))];
        }
        for (var i = 0; i < _fields.Length; i++)
            _fields[i].Bind(batch.Columns[i]);
    }

    private int MaxBytes(int row)
    {
        var size = PlaceBytes + _fields.Length + 1; // a comma before each field, and the line feed
        foreach (var field in _fields)
            size = checked(size + field.MaxBytes(row));
        return size;
    }

    private void Write(int row, long ordinal, long number)
    {
        var output = _buffer.AsSpan(_length);
        Utf8Formatter.TryFormat(ordinal, output, out var at);
        output[at++] = (byte)',';
        Utf8Formatter.TryFormat(number, output[at..], out var written);
        at += written;
        foreach (var field in _fields)
        {
            output[at++] = (byte)',';
            at += field.Write(row, output[at..]);
        }
        output[at++] = (byte)'\n';
        _length += at;
    }

    private void Grow(int size)
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(size);
    }
}
