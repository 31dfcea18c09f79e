using System.Buffers;
using System.Buffers.Binary;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Encodes rows in the binary COPY format (PostgreSQL documentation, COPY, "Binary Format"): per row the number of fields, then the
/// fields. It goes column by column over some rows at a time: first their sizes, which say where each row stands, then their values.
/// </summary>
internal sealed class PgEncoder : IDisposable
{
    /// <summary>The maximum number of rows that are encoded at a time.</summary>
    public const int MaxRows = 1024;

    private const int EnoughBytes = 256 * 1024;
    private readonly int[] _at = new int[MaxRows];
    private FeedSchema? _schema;
    private PgColumn[] _columns = [];
    private byte[] _output = [];
    private int _length;
    private int _tryRows = MaxRows;

    /// <summary>Signature, flags and length of the header's extension.</summary>
    public static ReadOnlyMemory<byte> Header { get; } =
        (byte[])[.. "PGCOPY\n"u8, 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Follows the last row.</summary>
    public static ReadOnlyMemory<byte> Trailer { get; } = new byte[] { 0xff, 0xff };

    /// <summary>The encoded rows; valid until the next call of <see cref="Encode"/>.</summary>
    public ReadOnlyMemory<byte> Written => _output.AsMemory(0, _length);

    /// <summary>Encodes rows from <paramref name="first"/> on, until they fill about 256 KiB. Returns how many.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="first">The first one.</param>
    /// <param name="end">The row behind the last one; there is at least one.</param>
    /// <param name="tail">Encoded fields that follow the columns, the same in each row.</param>
    /// <param name="tailFields">The number of these fields.</param>
    /// <param name="order">The number of the first row, for a last field that counts them; null for none.</param>
    public int Encode(RowBatch batch, int first, int end, ReadOnlySpan<byte> tail, int tailFields, long? order)
    {
        if (!ReferenceEquals(_schema, batch.Schema))
        {
            _schema = batch.Schema;
            _columns = [.. batch.Schema.Columns.Select(c => new PgColumn(c.Type))];
        }
        var orderBytes = order is null ? 0 : sizeof(int) + sizeof(long);
        var fields = (short)(_columns.Length + tailFields + (order is null ? 0 : 1));
        var rows = Place(batch, first, end, sizeof(short) + tail.Length + orderBytes);
        var at = _at.AsSpan(0, rows);
        var output = _output.AsSpan(0, _length);

        foreach (ref var place in at)
        {
            BinaryPrimitives.WriteInt16BigEndian(output[place..], fields);
            place += sizeof(short);
        }
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Write(batch.Columns[i], first, output, at);
        for (var row = 0; row < rows && (tail.Length > 0 || order is not null); row++)
        {
            var rest = output[at[row]..];
            tail.CopyTo(rest);
            if (order is not { } number)
                continue;
            BinaryPrimitives.WriteInt32BigEndian(rest[tail.Length..], sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(rest[(tail.Length + sizeof(int))..], number + row);
        }
        return rows;
    }

    public void Dispose()
    {
        if (_output.Length > 0)
            ArrayPool<byte>.Shared.Return(_output);
        _output = [];
    }

    /// <summary>Finds where each row begins and how many rows are enough, and allocates the output.</summary>
    private int Place(RowBatch batch, int first, int end, int common)
    {
        var sizes = _at.AsSpan(0, Math.Min(_tryRows, end - first));
        sizes.Clear();
        for (var i = 0; i < _columns.Length; i++)
            common += _columns[i].AddSizes(batch.Columns[i], first, sizes);

        var rows = 0;
        _length = 0;
        while (rows < sizes.Length)
        {
            var size = checked(sizes[rows] + common);
            if (rows > 0 && size > EnoughBytes - _length)
                break;
            sizes[rows++] = _length;
            _length += size;
        }
        _tryRows = Math.Min(MaxRows, rows * 2); // so that few wide rows are measured twice
        if (_length > _output.Length)
        {
            Dispose();
            _output = ArrayPool<byte>.Shared.Rent(Math.Max(_length, EnoughBytes));
        }
        return rows;
    }
}
