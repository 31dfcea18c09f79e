using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Rows.Spooling;

/// <summary>
/// Writes typed rows, object by object, into a stream, from which <see cref="RowSpoolReader"/> reads them again. The bytes are those of the columns
/// in memory, without compression: they never outlive the process, so that they need no version. For one task at a time.
/// </summary>
/// <remarks>
/// Each record begins with a <see cref="SpoolTag"/>. An object: its ordinal and its listing. A batch: the number of its schema, of its rows, and of
/// the bytes that follow; then the columns, each with its NULL bits, offsets and values. The end of an object: the number of its rows.
/// </remarks>
internal sealed class RowSpool : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private readonly List<FeedSchema> _schemas = [];
    private int _used;
    private long _flushed;
    private long _objectStart;
    private long _objectRows;
    private bool _disposed;

    /// <param name="stream">An empty stream that can be read, written, truncated and positioned. The spool owns it.</param>
    public RowSpool(Stream stream) => _stream = stream;

    /// <summary>The number of rows of all objects that were ended.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of bytes written.</summary>
    public long Bytes => _flushed + _used;

    /// <summary>Begins an object.</summary>
    public async ValueTask BeginObjectAsync(SourceObject source, long ordinal, CancellationToken cancellationToken)
    {
        (_objectStart, _objectRows) = (Bytes, 0);
        await AppendAsync([(byte)SpoolTag.Object], cancellationToken);
        await AppendAsync(ordinal, cancellationToken);
        await AppendAsync(source.Bucket, cancellationToken);
        await AppendAsync(source.Key, cancellationToken);
        await AppendAsync(source.ETag, cancellationToken);
        await AppendAsync(source.Size, cancellationToken);
        await AppendAsync(source.LastModified.Ticks, cancellationToken);
        await AppendAsync(source.LastModified.Offset.Ticks, cancellationToken);
        await AppendAsync([source.Archived ? (byte)1 : (byte)0], cancellationToken);
    }

    /// <summary>Writes rows of the object. Nothing of the batch is kept.</summary>
    public async ValueTask WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        var rows = batch.Count;
        await AppendAsync([(byte)SpoolTag.Batch], cancellationToken);
        await AppendAsync(NumberOf(batch.Schema), cancellationToken);
        await AppendAsync(rows, cancellationToken);
        await AppendAsync(SizeOf(batch), cancellationToken);
        for (var i = 0; i < batch.Columns.Length; i++)
        {
            var vector = batch.Columns[i];
            await AppendAsync([vector.HasNulls ? (byte)1 : (byte)0], cancellationToken);
            if (vector is Utf8Vector)
                await AppendAsync(VectorBytes.Values(vector, rows).Length, cancellationToken);
            await AppendAsync(vector, rows, VectorBytes.Nulls, cancellationToken);
            await AppendAsync(vector, rows, VectorBytes.Offsets, cancellationToken);
            await AppendAsync(vector, rows, VectorBytes.Values, cancellationToken);
        }
        _objectRows += rows;
    }

    /// <summary>Ends the object.</summary>
    public async ValueTask EndObjectAsync(CancellationToken cancellationToken)
    {
        await AppendAsync([(byte)SpoolTag.End], cancellationToken);
        await AppendAsync(_objectRows, cancellationToken);
        Rows += _objectRows;
    }

    /// <summary>Removes what was written since the object began.</summary>
    public void UndoObject()
    {
        if (_objectStart >= _flushed)
        {
            _used = (int)(_objectStart - _flushed);
            return;
        }
        _stream.SetLength(_objectStart);
        _stream.Position = _objectStart;
        (_flushed, _used) = (_objectStart, 0);
    }

    /// <summary>Writes what waits in memory.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.AsMemory(0, _used), cancellationToken);
        _flushed += _used;
        _used = 0;
    }

    /// <summary>
    /// Reads all objects from the first. Nothing may be written meanwhile, and one reader is used at a time; the stream has the position of the last
    /// one that was opened.
    /// </summary>
    public RowSpoolReader OpenReader()
    {
        if (_used > 0)
            throw new InvalidOperationException("The spool is not flushed.");
        _stream.Position = 0;
        return new RowSpoolReader(_stream, _schemas);
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        ArrayPool<byte>.Shared.Return(_buffer);
        _stream.Dispose();
    }

    // A load has few schemas: each has more columns than the one before.
    private int NumberOf(FeedSchema schema)
    {
        var number = _schemas.FindLastIndex(s => ReferenceEquals(s, schema) || s.Equals(schema));
        if (number >= 0)
            return number;
        _schemas.Add(schema);
        return _schemas.Count - 1;
    }

    private static long SizeOf(RowBatch batch)
    {
        long size = 0;
        foreach (var vector in batch.Columns)
        {
            size += sizeof(byte) + (vector is Utf8Vector ? sizeof(int) : 0) + VectorBytes.Nulls(vector, batch.Count).Length
                + VectorBytes.Offsets(vector, batch.Count).Length + VectorBytes.Values(vector, batch.Count).Length;
        }
        return size;
    }

    private ValueTask AppendAsync(int value, CancellationToken cancellationToken)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return AppendAsync(bytes, cancellationToken);
    }

    private ValueTask AppendAsync(long value, CancellationToken cancellationToken)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return AppendAsync(bytes, cancellationToken);
    }

    // As UTF-16, because the name of a local file can have a surrogate without its other half.
    private async ValueTask AppendAsync(string value, CancellationToken cancellationToken)
    {
        await AppendAsync(value.Length, cancellationToken);
        for (var at = 0; at < value.Length; at += 1024)
            await AppendAsync(MemoryMarshal.AsBytes(value.AsSpan(at, Math.Min(1024, value.Length - at))), cancellationToken);
    }

    // Writes a few bytes.
    private ValueTask AppendAsync(ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        if (_buffer.Length - _used >= bytes.Length)
        {
            Append(bytes);
            return ValueTask.CompletedTask;
        }
        return FlushAndAppendAsync(bytes.ToArray(), cancellationToken);
    }

    private async ValueTask FlushAndAppendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        Append(bytes);
    }

    // Writes many bytes, which are asked for again after each wait: a span cannot outlive one.
    private async ValueTask AppendAsync(
        ColumnVector vector, int rows, Func<ColumnVector, int, ReadOnlySpan<byte>> find, CancellationToken cancellationToken)
    {
        for (var done = 0; done < find(vector, rows).Length;)
        {
            if (_used == _buffer.Length)
                await FlushAsync(cancellationToken);
            var rest = find(vector, rows)[done..];
            var fitting = rest[..Math.Min(rest.Length, _buffer.Length - _used)];
            Append(fitting);
            done += fitting.Length;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }
}

/// <summary>What a record of a <see cref="RowSpool"/> is.</summary>
internal enum SpoolTag : byte
{
    /// <summary>An object begins.</summary>
    Object = 1,

    /// <summary>Rows of the object.</summary>
    Batch,

    /// <summary>The object ends.</summary>
    End,
}
