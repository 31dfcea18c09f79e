using ParquetSharp.IO;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// One file of a checkpoint while it is read. For one task at a time. Reads the end of the file, and then only the chunks of the columns that are
/// asked for, of one row group after the other.
/// </summary>
internal sealed class CheckpointFile : IAsyncDisposable
{
    // Other engines write one row group only. Chunks of more than this are not held, but read piece by piece.
    private const long MaxChunkBytes = 64L * 1024 * 1024;
    private const long PieceBytes = 4L * 1024 * 1024;

    private readonly RangeStream _stream;
    private readonly ManagedRandomAccessFile _file;
    private readonly Native.ParquetFileReader _reader;
    private readonly List<CheckpointColumn> _columns = [];

    private CheckpointFile(string name, RangeStream stream, bool inPieces)
    {
        (Name, _stream) = (name, stream);
        _stream.MayWait = inPieces;
        _file = new ManagedRandomAccessFile(stream, leaveOpen: true);
        try
        {
            using var properties = Native.ReaderProperties.GetDefaultReaderProperties();
            properties.EnablePageChecksumVerification();
            if (inPieces)
            {
                properties.EnableBufferedStream();
                properties.BufferSize = PieceBytes;
            }
            _reader = new Native.ParquetFileReader(_file, properties);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file, for messages.</summary>
    public string Name { get; }

    public int RowGroups => _reader.FileMetaData.NumRowGroups;

    /// <summary>Reads the footer of a file.</summary>
    /// <exception cref="FeedException"><c>ParquetNotAvailable</c>, <c>DeltaCheckpointInvalid</c>, and the errors of reading the file.</exception>
    public static async Task<CheckpointFile> OpenAsync(IStagingArea table, string root, StagedFile file, CancellationToken cancellationToken)
    {
        ParquetLibrary.Load();
        var name = root + file.Name;
        var source = new ParquetSource(name, file.Bytes, (offset, buffer, c) => table.ReadAtAsync(file.Name, offset, buffer, c));
        var stream = new RangeStream(source) { Cancellation = cancellationToken };
        try
        {
            await ParquetFileReader.LoadFooterAsync(source, stream, cancellationToken);
            var reader = new CheckpointFile(name, stream, inPieces: false);
            if (reader.GetLargestChunk() <= MaxChunkBytes)
                return reader;
            await reader.DisposeAsync();
            return new(name, stream, inPieces: true);
        }
        catch (Exception e) when (e is Native.ParquetException or FeedException { Id: "ParquetFileDamaged" })
        {
            throw DeltaErrors.CheckpointInvalid(name, e.Message, e);
        }
    }

    /// <summary>Whether the schema has a group at its root.</summary>
    public bool Has(string group) => Enumerable.Range(0, Leaves.NumColumns).Any(i => IsAt(Leaves.Column(i), [group]));

    /// <summary>The leaf of texts with a path; null if the file has none.</summary>
    public CheckpointTextColumn? FindTexts(params ReadOnlySpan<string> path)
        => Find(Native.PhysicalType.ByteArray, path, 0) is var (i, leaf) ? Keep(new CheckpointTextColumn(i, leaf)) : null;

    /// <summary>The leaves of the keys and the values of a map with a path; null if the file has none.</summary>
    public (CheckpointTextColumn Keys, CheckpointTextColumn Values)? FindMap(params ReadOnlySpan<string> path)
        => Find(Native.PhysicalType.ByteArray, path, 0) is var (k, keys) && Find(Native.PhysicalType.ByteArray, path, 1) is var (v, values)
            ? (Keep(new CheckpointTextColumn(k, keys)), Keep(new CheckpointTextColumn(v, values))) : null;

    /// <summary>The leaf of another type with a path; null if the file has none.</summary>
    public CheckpointColumn<T>? Find<T>(Native.PhysicalType type, params ReadOnlySpan<string> path)
        where T : unmanaged
        => Find(type, path, 0) is var (i, leaf) ? Keep(new CheckpointColumn<T>(i, leaf)) : null;

    /// <summary>Begins a row group: reads the chunks of the columns that were found. Returns its number of rows.</summary>
    public async Task<long> BeginGroupAsync(int number, CancellationToken cancellationToken)
    {
        using var group = _reader.RowGroup(number);
        var wanted = new List<(ByteRange Range, int Column)>();
        for (var i = 0; i < _columns.Count; i++)
        {
            if (TryBegin(group, _columns[i]) is { } missing)
                wanted.Add((missing, i));
        }
        foreach (var block in ChunkBlock.Join(wanted))
        {
            await _stream.LoadAsync(block.Range, cancellationToken);
            foreach (var column in block.Columns)
                _ = TryBegin(group, _columns[column]);
            _stream.Forget(block.Range);
        }
        return group.MetaData.NumRows;
    }

    /// <summary>Reads from the columns.</summary>
    /// <exception cref="FeedException"><c>DeltaCheckpointInvalid</c></exception>
    public T Run<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is Native.ParquetException or InvalidDataException)
        {
            _stream.ThrowIfFailed();
            throw DeltaErrors.CheckpointInvalid(Name, e.Message, e);
        }
    }

    /// <summary>Frees the memory of the library.</summary>
    public ValueTask DisposeAsync()
    {
        _columns.ForEach(c => c.Dispose());
        _reader.Dispose();
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private Native.SchemaDescriptor Leaves => _reader.FileMetaData.Schema;

    private T Keep<T>(T column)
        where T : CheckpointColumn
    {
        _columns.Add(column);
        return column;
    }

    // One of the leaves at or below a path. The names below a map or a list depend on the engine.
    private (int Index, Native.ColumnDescriptor Leaf)? Find(Native.PhysicalType type, ReadOnlySpan<string> path, int skip)
    {
        for (var i = 0; i < Leaves.NumColumns; i++)
        {
            var leaf = Leaves.Column(i);
            if (!IsAt(leaf, path) || skip-- > 0)
                continue;
            return leaf.PhysicalType == type
                ? (i, leaf)
                : throw DeltaErrors.CheckpointInvalid(Name, $"{string.Join('.', path)} is {leaf.PhysicalType} in place of {type}.");
        }
        return null;
    }

    private static bool IsAt(Native.ColumnDescriptor leaf, ReadOnlySpan<string> path)
    {
        using var full = leaf.Path;
        return full.ToDotVector().AsSpan().StartsWith(path);
    }

    private long GetLargestChunk()
    {
        var largest = 0L;
        for (var g = 0; g < RowGroups; g++)
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

    // The library tells by failing which part of the file a chunk is.
    private ByteRange? TryBegin(Native.RowGroupReader group, CheckpointColumn column)
    {
        try
        {
            column.Begin(group);
            return null;
        }
        catch (Native.ParquetException e)
        {
            _stream.ThrowIfFailed();
            return _stream.TakeMissing() ?? throw DeltaErrors.CheckpointInvalid(Name, e.Message, e);
        }
    }
}
