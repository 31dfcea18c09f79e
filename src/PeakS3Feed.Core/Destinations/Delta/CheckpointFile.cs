using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// One file of a checkpoint while it is read. For one task at a time. Reads only the columns that are asked for.
/// </summary>
internal sealed class CheckpointFile : IAsyncDisposable
{
    private readonly ParquetInput _input;
    private readonly List<CheckpointColumn> _columns = [];
    private readonly string[] _paths; // of the leaves, with dots between the names

    private CheckpointFile(ParquetInput input)
    {
        _input = input;
        _paths = ReadPaths(input.Library.FileMetaData.Schema);
    }

    /// <summary>The file, for messages.</summary>
    public string Name => _input.Name;

    public int RowGroups => _input.Library.FileMetaData.NumRowGroups;

    /// <summary>Reads the footer of a file.</summary>
    /// <exception cref="FeedException"><c>ParquetNotAvailable</c>, <c>DeltaCheckpointInvalid</c>, and the errors of reading the file.</exception>
    public static async Task<CheckpointFile> OpenAsync(IStagingArea table, string root, StagedFile file, CancellationToken cancellationToken)
    {
        var source = new ParquetSource(root + file.Name, file.Bytes, (offset, buffer, c) => table.ReadAtAsync(file.Name, offset, buffer, c))
        {
            DamagedError = DeltaErrors.CheckpointInvalid,
        };
        var input = await ParquetInput.OpenAsync(source, cancellationToken);
        try
        {
            return new(input);
        }
        catch
        {
            await input.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the schema has a group at its root.</summary>
    public bool Has(string group) => Array.Exists(_paths, p => IsAt(p, group));

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
        using var group = _input.Library.RowGroup(number);
        await _input.BeginGroupAsync(_columns.Count, column => _columns[column].Begin(group), cancellationToken);
        return group.MetaData.NumRows;
    }

    /// <summary>Reads from the columns.</summary>
    /// <exception cref="FeedException"><c>DeltaCheckpointInvalid</c></exception>
    public T Run<T>(Func<T> read) => _input.Run(read);

    /// <summary>Frees the memory.</summary>
    public ValueTask DisposeAsync()
    {
        _columns.ForEach(c => c.Dispose());
        return _input.DisposeAsync();
    }

    private T Keep<T>(T column)
        where T : CheckpointColumn
    {
        _columns.Add(column);
        return column;
    }

    // One of the leaves at or below a path. The names below a map or a list depend on the engine.
    private (int Index, Native.ColumnDescriptor Leaf)? Find(Native.PhysicalType type, ReadOnlySpan<string> path, int skip)
    {
        var wanted = string.Join('.', path);
        for (var i = 0; i < _paths.Length; i++)
        {
            if (!IsAt(_paths[i], wanted) || skip-- > 0)
                continue;
            var leaf = _input.Library.FileMetaData.Schema.Column(i);
            return leaf.PhysicalType == type
                ? (i, leaf)
                : throw DeltaErrors.CheckpointInvalid(Name, $"{wanted} is {leaf.PhysicalType} in place of {type}.");
        }
        return null;
    }

    private static bool IsAt(string leaf, string path)
        => leaf.StartsWith(path, StringComparison.Ordinal) && (leaf.Length == path.Length || leaf[path.Length] == '.');

    // As texts: the library never frees the vectors that it makes of a path.
    private static string[] ReadPaths(Native.SchemaDescriptor schema)
    {
        var paths = new string[schema.NumColumns];
        for (var i = 0; i < paths.Length; i++)
        {
            using var path = schema.Column(i).Path;
            paths[i] = path.ToDotString();
        }
        return paths;
    }
}
