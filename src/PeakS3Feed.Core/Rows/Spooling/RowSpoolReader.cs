using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Rows.Spooling;

/// <summary>Reads the objects of a <see cref="RowSpool"/>, one after the other. For one task at a time.</summary>
/// <param name="stream">The stream, at the first object.</param>
/// <param name="schemas">The schemas by number.</param>
internal sealed class RowSpoolReader(Stream stream, IReadOnlyList<FeedSchema> schemas)
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _at;
    private int _end;
    private RowBatch? _batch;
    private long _rows;

    /// <summary>The object that was begun last.</summary>
    public SourceObject Source { get; private set; } = new("", "", "", 0, default);

    /// <summary>Its number in the load.</summary>
    public long Ordinal { get; private set; }

    /// <summary>Begins the next object. Returns false if there is none.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were written.</exception>
    public async ValueTask<bool> BeginObjectAsync(CancellationToken cancellationToken)
    {
        if (_at == _end && !await FillAsync(cancellationToken))
            return false;
        await ExpectAsync(SpoolTag.Object, cancellationToken);
        Ordinal = await ReadInt64Async(cancellationToken);
        Source = new SourceObject(
            await ReadTextAsync(cancellationToken),
            await ReadTextAsync(cancellationToken),
            await ReadTextAsync(cancellationToken),
            await ReadInt64Async(cancellationToken),
            new DateTimeOffset(await ReadInt64Async(cancellationToken), new TimeSpan(await ReadInt64Async(cancellationToken))),
            await ReadByteAsync(cancellationToken) == 1);
        _rows = 0;
        return true;
    }

    /// <summary>Returns the next rows of the object, valid until the next call; null at its end.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were written.</exception>
    public async ValueTask<RowBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await BeginBatchAsync(cancellationToken) is not { } header)
            return null;
        var batch = PrepareBatch(header.Schema);
        for (var i = 0; i < batch.Columns.Length; i++)
            await ReadColumnAsync(batch.Columns[i], header.Rows, cancellationToken);
        batch.CompleteRows(header.Rows);
        return batch;
    }

    /// <summary>Passes over the rest of the object. Returns the number of its rows.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were written.</exception>
    public async ValueTask<long> SkipAsync(CancellationToken cancellationToken)
    {
        while (await BeginBatchAsync(cancellationToken) is { } header)
            Pass(header.Bytes);
        return _rows;
    }

    // Reads the header of a batch. Returns null at the end of the object.
    private async ValueTask<BatchHeader?> BeginBatchAsync(CancellationToken cancellationToken)
    {
        var tag = (SpoolTag)await ReadByteAsync(cancellationToken);
        if (tag == SpoolTag.End)
        {
            if (await ReadInt64Async(cancellationToken) is var written && written != _rows)
                throw new InvalidDataException($"The spool has {_rows} rows of {Source.Uri} instead of {written}.");
            return null;
        }
        if (tag != SpoolTag.Batch)
            throw new InvalidDataException($"The spool has the byte {(byte)tag} where rows of {Source.Uri} begin.");
        var schema = schemas[await ReadInt32Async(cancellationToken)];
        var rows = await ReadInt32Async(cancellationToken);
        _rows += rows;
        return new BatchHeader(schema, rows, await ReadInt64Async(cancellationToken));
    }

    private RowBatch PrepareBatch(FeedSchema schema)
    {
        if (_batch is null || !ReferenceEquals(_batch.Schema, schema))
            return _batch = new RowBatch(schema);
        _batch.Clear();
        return _batch;
    }

    private async ValueTask ReadColumnAsync(ColumnVector vector, int rows, CancellationToken cancellationToken)
    {
        var hasNulls = await ReadByteAsync(cancellationToken) == 1;
        var textBytes = vector is Utf8Vector ? await ReadInt32Async(cancellationToken) : 0;
        var nulls = new ulong[hasNulls ? VectorBytes.WordsFor(rows) : 0];
        await ReadAsync(() => MemoryMarshal.AsBytes(nulls.AsSpan()), cancellationToken);
        await ReadAsync(() => VectorBytes.ReserveOffsets(vector, rows, textBytes), cancellationToken);
        await ReadAsync(() => VectorBytes.ReserveValues(vector, rows, textBytes), cancellationToken);
        VectorBytes.MarkNulls(vector, nulls, rows);
        vector.Advance(rows);
    }

    private async ValueTask ExpectAsync(SpoolTag expected, CancellationToken cancellationToken)
    {
        var tag = await ReadByteAsync(cancellationToken);
        if (tag != (byte)expected)
            throw new InvalidDataException($"The spool has the byte {tag} where an object begins.");
    }

    private async ValueTask<byte> ReadByteAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(sizeof(byte), cancellationToken);
        return _buffer[_at++];
    }

    private async ValueTask<int> ReadInt32Async(CancellationToken cancellationToken)
    {
        await EnsureAsync(sizeof(int), cancellationToken);
        var value = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_at));
        _at += sizeof(int);
        return value;
    }

    private async ValueTask<long> ReadInt64Async(CancellationToken cancellationToken)
    {
        await EnsureAsync(sizeof(long), cancellationToken);
        var value = BinaryPrimitives.ReadInt64LittleEndian(_buffer.AsSpan(_at));
        _at += sizeof(long);
        return value;
    }

    private async ValueTask<string> ReadTextAsync(CancellationToken cancellationToken)
    {
        var text = new char[await ReadInt32Async(cancellationToken)];
        await ReadAsync(() => MemoryMarshal.AsBytes(text.AsSpan()), cancellationToken);
        return new string(text);
    }

    // Fills memory, which is asked for again after each wait: a span cannot outlive one.
    private async ValueTask ReadAsync(Func<Span<byte>> find, CancellationToken cancellationToken)
    {
        for (var done = 0; done < find().Length;)
        {
            await EnsureAsync(1, cancellationToken);
            var rest = find()[done..];
            var count = Math.Min(rest.Length, _end - _at);
            _buffer.AsSpan(_at, count).CopyTo(rest);
            _at += count;
            done += count;
        }
    }

    private void Pass(long bytes)
    {
        var buffered = Math.Min(bytes, _end - _at);
        _at += (int)buffered;
        if (bytes > buffered)
            stream.Seek(bytes - buffered, SeekOrigin.Current);
    }

    private async ValueTask EnsureAsync(int bytes, CancellationToken cancellationToken)
    {
        while (_end - _at < bytes)
        {
            if (!await FillAsync(cancellationToken))
                throw new InvalidDataException($"The spool ends within {Source.Uri}.");
        }
    }

    // Reads on behind the bytes that are not taken yet. Returns false at the end.
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        (_at, _end) = (0, _end - _at);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    private readonly record struct BatchHeader(FeedSchema Schema, int Rows, long Bytes);
}
