using System.Runtime.CompilerServices;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>
/// Reads the rows of a Parquet file: one of ours, or one that another engine wrote for the same table. For one task at a time.
/// </summary>
internal sealed class ParquetFileReader : IAsyncDisposable
{
    private const int DefaultBatchRows = 4 * 1024;

    private readonly ParquetInput _input;

    private ParquetFileReader(ParquetInput input)
    {
        _input = input;
        Rows = input.Library.FileMetaData.NumRows;
        Columns = FindColumns(input.Library.FileMetaData.Schema);
    }

    /// <summary>The number of rows.</summary>
    public long Rows { get; }

    /// <summary>The names of the columns; a column that has parts, such as a list, counts once.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <inheritdoc cref="ParquetInput.OpenAsync"/>
    public static async Task<ParquetFileReader> OpenAsync(
        ParquetSource source, CancellationToken cancellationToken, long maxChunkBytes = ParquetInput.MaxChunkBytes)
    {
        var input = await ParquetInput.OpenAsync(source, cancellationToken, maxChunkBytes);
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
        using var decoders = new BatchDecoder(_input.Name, columns, [.. columns.Select(FindLeaf)], maxRows);
        var first = 0L;
        for (var g = 0; g < _input.Library.FileMetaData.NumRowGroups; g++)
        {
            using var group = _input.Library.RowGroup(g);
            await _input.BeginGroupAsync(decoders.Count, column => decoders.Begin(column, group), cancellationToken);
            for (var left = group.MetaData.NumRows; left > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = _input.Run(() => decoders.Decode(first, left));
                yield return new(first, count, decoders.Vectors);
                first += count;
                left -= count;
            }
        }
    }

    /// <summary>Frees the memory.</summary>
    public ValueTask DisposeAsync() => _input.DisposeAsync();

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

    private (int Index, Native.ColumnDescriptor Leaf)? FindLeaf(FeedColumn column)
    {
        var schema = _input.Library.FileMetaData.Schema;
        foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            for (var i = 0; i < schema.NumColumns; i++)
            {
                using var root = schema.ColumnRoot(i);
                if (string.Equals(root.Name, column.Name, comparison))
                {
                    return root is Native.Schema.PrimitiveNode
                        ? (i, schema.Column(i))
                        : throw ParquetErrors.TypeUnreadable(_input.Name, column, "with parts (a list, a map or a struct)");
                }
            }
        }
        return null;
    }
}

/// <summary>Rows of a file.</summary>
/// <param name="First">The number of the first row in the file, from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="Columns">The columns that were asked for. They are valid until the next batch.</param>
internal sealed record ParquetRows(long First, int Count, IReadOnlyList<ColumnVector> Columns);
