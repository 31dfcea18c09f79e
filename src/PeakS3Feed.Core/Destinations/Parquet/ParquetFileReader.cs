using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ParquetSharp.IO;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>
/// Reads a Parquet file: one of ours, or one that another engine wrote for the same table. For one task at a time. Reads the end of the file, and
/// then only the chunks of the columns that are asked for, of one row group after the other.
/// </summary>
internal sealed class ParquetFileReader : IAsyncDisposable
{
    private const int TailBytes = 64 * 1024;
    private const int TrailerBytes = 8; // the length of the footer, and the mark
    private const int DefaultBatchRows = 4 * 1024;

    // Other engines write row groups of up to a gigabyte. Chunks of more than this are not held, but read piece by piece.
    private const long MaxChunkBytes = 64 * 1024 * 1024;
    private const long PieceBytes = 4 * 1024 * 1024;

    private readonly ParquetSource _source;
    private readonly RangeStream _stream;
    private readonly ManagedRandomAccessFile _file;
    private readonly Native.ParquetFileReader _reader;

    private ParquetFileReader(ParquetSource source, RangeStream stream, bool inPieces)
    {
        (_source, _stream) = (source, stream);
        _stream.MayWait = inPieces;
        _file = new ManagedRandomAccessFile(stream, leaveOpen: true);
        try
        {
            using var properties = Native.ReaderProperties.WithMemoryPool(Native.MemoryPool.GetDefaultMemoryPool());
            properties.EnablePageChecksumVerification();
            if (inPieces)
            {
                properties.EnableBufferedStream();
                properties.BufferSize = PieceBytes;
            }
            _reader = new Native.ParquetFileReader(_file, properties);
            Rows = _reader.FileMetaData.NumRows;
            Columns = FindColumns(_reader.FileMetaData.Schema);
        }
        catch
        {
            _reader?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The number of rows.</summary>
    public long Rows { get; }

    /// <summary>The names of the columns; a column that has parts, such as a list, counts once.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads the footer of a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="maxChunkBytes">The largest chunk that is read at once and held in memory.</param>
    /// <exception cref="Errors.FeedException"><c>ParquetNotAvailable</c>, <c>ParquetFileDamaged</c>, and the errors of reading the file.</exception>
    public static async Task<ParquetFileReader> OpenAsync(
        ParquetSource source, CancellationToken cancellationToken, long maxChunkBytes = MaxChunkBytes)
    {
        ParquetLibrary.Load();
        var stream = new RangeStream(source);
        await LoadFooterAsync(source, stream, cancellationToken);
        try
        {
            var reader = new ParquetFileReader(source, stream, inPieces: false);
            if (reader.GetLargestChunk() <= maxChunkBytes)
                return reader;
            reader.FreeLibrary();
            return new(source, stream, inPieces: true);
        }
        catch (Native.ParquetException e)
        {
            await stream.DisposeAsync();
            throw ParquetErrors.FileDamaged(source.Name, e.Message, e);
        }
    }

    /// <summary>
    /// Reads all rows, in the order of the file. A batch has about 8 MiB at most. A column that the file lacks is NULL. Names match in any case, but
    /// the exact name has precedence.
    /// </summary>
    /// <param name="columns">The columns to read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="maxRows">The maximum number of rows of a batch.</param>
    /// <exception cref="Errors.FeedException"><c>ParquetTypeUnreadable</c>, <c>ParquetValueUnreadable</c>, <c>ParquetFileDamaged</c>, and the errors
    /// of reading the file.</exception>
    public async IAsyncEnumerable<ParquetRows> ReadAsync(
        IReadOnlyList<FeedColumn> columns, [EnumeratorCancellation] CancellationToken cancellationToken, int maxRows = DefaultBatchRows)
    {
        _stream.Cancellation = cancellationToken;
        using var decoders = new BatchDecoder(_source.Name, columns, [.. columns.Select(FindLeaf)], maxRows);
        var first = 0L;
        for (var g = 0; g < _reader.FileMetaData.NumRowGroups; g++)
        {
            using var group = _reader.RowGroup(g);
            await BeginGroupAsync(group, decoders, cancellationToken);
            for (var left = group.MetaData.NumRows; left > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Run(() => decoders.Decode(first, left));
                yield return new(first, count, decoders.Vectors);
                first += count;
                left -= count;
            }
        }
    }

    /// <summary>Frees the memory.</summary>
    public ValueTask DisposeAsync()
    {
        FreeLibrary();
        return _stream.DisposeAsync();
    }

    private void FreeLibrary()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    /// <summary>Loads the footer of a file into a stream.</summary>
    /// <exception cref="Errors.FeedException"><c>ParquetFileDamaged</c></exception>
    internal static async Task LoadFooterAsync(ParquetSource source, RangeStream stream, CancellationToken cancellationToken)
    {
        if (source.Bytes < TrailerBytes + 4)
            throw ParquetErrors.FileDamaged(source.Name, $"it has only {source.Bytes} bytes.");
        var tail = new ByteRange(Math.Max(0, source.Bytes - TailBytes), Math.Min(source.Bytes, TailBytes));
        await stream.LoadAsync(tail, cancellationToken);
        var footer = FindFooter(source, stream.Find(new ByteRange(source.Bytes - TrailerBytes, TrailerBytes)));
        if (footer.Start < tail.Start)
            await stream.LoadAsync(footer, cancellationToken);
    }

    private static ByteRange FindFooter(ParquetSource source, ReadOnlySpan<byte> trailer)
    {
        if (!trailer[4..].SequenceEqual("PAR1"u8))
            throw ParquetErrors.FileDamaged(source.Name, "it does not end as a Parquet file.");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer) + (long)TrailerBytes;
        return length <= source.Bytes
            ? new(source.Bytes - length, length)
            : throw ParquetErrors.FileDamaged(source.Name, "its footer is longer than the file.");
    }

    private static List<string> FindColumns(Native.SchemaDescriptor schema)
    {
        var names = new List<string>();
        for (var i = 0; i < schema.NumColumns; i++)
        {
            using var root = schema.ColumnRoot(i);
            var name = root.Name;
            if (names.Count == 0 || !string.Equals(names[^1], name, StringComparison.Ordinal))
                names.Add(name);
        }
        return names;
    }

    private long GetLargestChunk()
    {
        var largest = 0L;
        for (var g = 0; g < _reader.FileMetaData.NumRowGroups; g++)
        {
            using var group = _reader.RowGroup(g);
            for (var i = 0; i < group.MetaData.NumColumns; i++)
            {
                using var chunk = group.MetaData.GetColumnChunkMetaData(i);
                largest = Math.Max(largest, chunk.TotalCompressedSize);
            }
        }
        return largest;
    }

    private (int Index, Native.ColumnDescriptor Leaf)? FindLeaf(FeedColumn column)
    {
        var schema = _reader.FileMetaData.Schema;
        foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            for (var i = 0; i < schema.NumColumns; i++)
            {
                using var root = schema.ColumnRoot(i);
                if (string.Equals(root.Name, column.Name, comparison))
                {
                    return root is Native.Schema.PrimitiveNode
                        ? (i, schema.Column(i))
                        : throw ParquetErrors.TypeUnreadable(_source.Name, column, "with parts (a list, a map or a struct)");
                }
            }
        }
        return null;
    }

    // The library tells by failing which part of the file a chunk is. Parts that follow each other are then read at once.
    private async Task BeginGroupAsync(Native.RowGroupReader group, BatchDecoder decoders, CancellationToken cancellationToken)
    {
        var wanted = new List<(ByteRange Range, int Column)>();
        for (var i = 0; i < decoders.Count; i++)
        {
            if (TryBegin(group, decoders, i) is { } missing)
                wanted.Add((missing, i));
        }
        foreach (var block in ChunkBlock.Join(wanted))
        {
            await _stream.LoadAsync(block.Range, cancellationToken);
            foreach (var column in block.Columns)
                _ = TryBegin(group, decoders, column);
            _stream.Forget(block.Range);
        }
    }

    private ByteRange? TryBegin(Native.RowGroupReader group, BatchDecoder decoders, int column)
    {
        try
        {
            decoders.Begin(column, group);
            return null;
        }
        catch (Native.ParquetException e)
        {
            _stream.ThrowIfFailed();
            return _stream.TakeMissing() ?? throw ParquetErrors.FileDamaged(_source.Name, e.Message, e);
        }
    }

    private T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Native.ParquetException e)
        {
            _stream.ThrowIfFailed();
            throw ParquetErrors.FileDamaged(_source.Name, e.Message, e);
        }
    }
}

/// <summary>Rows of a file.</summary>
/// <param name="First">The number of the first row in the file, from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="Columns">The columns that were asked for. They are valid until the next batch.</param>
internal sealed record ParquetRows(long First, int Count, IReadOnlyList<ColumnVector> Columns);
