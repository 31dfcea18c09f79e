using System.Buffers.Binary;
using ParquetSharp.IO;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>
/// An open Parquet file. For one task at a time. Reads the end of the file, and then only the chunks of the columns that are asked for, of one row
/// group after the other.
/// </summary>
internal sealed class ParquetInput : IAsyncDisposable
{
    private const int TailBytes = 64 * 1024;
    private const int TrailerBytes = 8; // the length of the footer, and the mark

    private const long PieceBytes = 4 * 1024 * 1024;

    /// <summary>64 MiB: other engines write row groups of up to a gigabyte. Larger chunks are not held in memory, but read piece by piece.</summary>
    public const long MaxChunkBytes = 64 * 1024 * 1024;

    private readonly ParquetSource _source;
    private readonly RangeStream _stream;
    private readonly ManagedRandomAccessFile _file;

    private ParquetInput(ParquetSource source, RangeStream stream, bool inPieces)
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
            Library = new Native.ParquetFileReader(_file, properties);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The library's reader.</summary>
    public Native.ParquetFileReader Library { get; }

    /// <summary>The name of the file, for messages.</summary>
    public string Name => _source.Name;

    /// <summary>Reads the footer of a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="maxChunkBytes">The largest chunk that is read at once and held in memory.</param>
    /// <exception cref="Errors.FeedException"><c>ParquetNotAvailable</c>, the error of a damaged file, and the errors of reading it.</exception>
    public static async Task<ParquetInput> OpenAsync(ParquetSource source, CancellationToken cancellationToken, long maxChunkBytes = MaxChunkBytes)
    {
        ParquetLibrary.Load();
        var stream = new RangeStream(source) { Cancellation = cancellationToken };
        try
        {
            await LoadFooterAsync(source, stream, cancellationToken);
            var input = new ParquetInput(source, stream, inPieces: false);
            if (input.GetLargestChunk() <= maxChunkBytes)
                return input;
            input.FreeLibrary();
            return new(source, stream, inPieces: true);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (e is Native.ParquetException)
                throw source.Damaged(e.Message, e);
            throw;
        }
    }

    /// <summary>Begins a row group: reads chunks of columns. Chunks that follow each other are read at once.</summary>
    /// <param name="columns">How many columns are read.</param>
    /// <param name="begin">Begins the chunk of one of them. It is called again if the chunk is not in memory.</param>
    /// <param name="cancellationToken">Ends the reading of this row group.</param>
    /// <exception cref="Errors.FeedException">The error of a damaged file, and the errors of reading it.</exception>
    public async Task BeginGroupAsync(int columns, Action<int> begin, CancellationToken cancellationToken)
    {
        _stream.Cancellation = cancellationToken;
        var wanted = new List<(ByteRange Range, int Column)>();
        for (var i = 0; i < columns; i++)
        {
            if (FindMissing(begin, i) is { } missing)
                wanted.Add((missing, i));
        }
        foreach (var block in ChunkBlock.Join(wanted))
        {
            await _stream.LoadAsync(block.Range, cancellationToken);
            foreach (var column in block.Columns)
                _ = FindMissing(begin, column);
            _stream.Forget(block.Range);
        }
    }

    /// <summary>Calls the library, and converts the errors of a damaged file.</summary>
    public T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is Native.ParquetException or InvalidDataException)
        {
            _stream.ThrowIfFailed();
            throw _source.Damaged(e.Message, e);
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
        Library.Dispose();
        _file.Dispose();
    }

    private static async Task LoadFooterAsync(ParquetSource source, RangeStream stream, CancellationToken cancellationToken)
    {
        if (source.Bytes < TrailerBytes + 4)
            throw source.Damaged($"it has only {source.Bytes} bytes.");
        var tail = new ByteRange(Math.Max(0, source.Bytes - TailBytes), Math.Min(source.Bytes, TailBytes));
        await stream.LoadAsync(tail, cancellationToken);
        var footer = FindFooter(source, stream.Find(new ByteRange(source.Bytes - TrailerBytes, TrailerBytes)));
        if (footer.Start < tail.Start)
            await stream.LoadAsync(footer, cancellationToken);
    }

    private static ByteRange FindFooter(ParquetSource source, ReadOnlySpan<byte> trailer)
    {
        if (!trailer[4..].SequenceEqual("PAR1"u8))
            throw source.Damaged("it does not end as a Parquet file.");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer) + (long)TrailerBytes;
        return length <= source.Bytes
            ? new(source.Bytes - length, length)
            : throw source.Damaged("its footer is longer than the file.");
    }

    private long GetLargestChunk()
    {
        var largest = 0L;
        for (var g = 0; g < Library.FileMetaData.NumRowGroups; g++)
        {
            using var group = Library.RowGroup(g);
            for (var i = 0; i < group.MetaData.NumColumns; i++)
            {
                using var chunk = group.MetaData.GetColumnChunkMetaData(i);
                largest = Math.Max(largest, chunk.TotalCompressedSize);
            }
        }
        return largest;
    }

    // The library tells by failing which part of the file a chunk is.
    private ByteRange? FindMissing(Action<int> begin, int column)
    {
        try
        {
            begin(column);
            return null;
        }
        catch (Native.ParquetException e)
        {
            _stream.ThrowIfFailed();
            return _stream.TakeMissing() ?? throw _source.Damaged(e.Message, e);
        }
    }
}
