using System.Runtime.InteropServices;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Finds the rows of the table that a load removes.</summary>
internal interface IRowMatch
{
    /// <summary>The columns that must be read to find them.</summary>
    IReadOnlyList<FeedColumn> Columns { get; }

    /// <summary>Whether a file can hold such rows, as far as its statistics say.</summary>
    bool MayMatch(DeltaAdd file);

    /// <summary>Begins a search.</summary>
    IRowSearch Begin();
}

/// <summary>One search for the rows of the table that a load removes.</summary>
internal interface IRowSearch : IDisposable
{
    /// <summary>Looks at the rows of a file. Safe for concurrent use, one call for each file.</summary>
    /// <param name="file">The file's number.</param>
    /// <param name="rows">Its rows, with the columns of the match.</param>
    /// <param name="found">Takes the rows that are known to be removed.</param>
    Task ReadAsync(int file, IAsyncEnumerable<ParquetRows> rows, RowValues<RemovedRow> found);

    /// <summary>Finds the other rows that are removed, after all files were read.</summary>
    void Complete(RowValues<RemovedRow> found, CancellationToken cancellationToken);
}

/// <summary>A row of the table that the load removes.</summary>
/// <param name="At">The number of the row in its file.</param>
/// <param name="Part">The number of the staged file with the row that updates it; -1 if there is none.</param>
/// <param name="StagedAt">The number of the staged row in that file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RemovedRow(int At, int Part = -1, int StagedAt = 0) : IRowValue
{
    /// <summary>Whether a staged row updates it.</summary>
    public bool IsUpdated => Part >= 0;
}

/// <summary>Removes rows that have a key of a staged row.</summary>
/// <param name="index">The staged keys; after their duplicates were found.</param>
/// <param name="key">The key columns, as the table has them.</param>
/// <param name="range">The range of the staged keys.</param>
internal sealed class KeyMatch(KeyIndex index, IReadOnlyList<FeedColumn> key, KeyRange range) : IRowMatch
{
    public IReadOnlyList<FeedColumn> Columns => key;

    public bool MayMatch(DeltaAdd file) => range.Meets(file);

    public IRowSearch Begin() => new Search(index);

    private sealed class Search(KeyIndex index) : IRowSearch
    {
        private readonly TableKeys _keys = new(index);

        public async Task ReadAsync(int file, IAsyncEnumerable<ParquetRows> rows, RowValues<RemovedRow> found)
        {
            var hasher = new KeyHasher();
            var keys = _keys.ForFile(file);
            await foreach (var some in rows)
            {
                var hasNulls = some.Columns.Any(c => c.HasNulls);
                for (var row = 0; row < some.Count; row++)
                {
                    if (!hasNulls || !HasNull(some.Columns, row))
                        keys.Add(hasher.Hash(some.Columns, row), checked((int)(some.First + row)));
                }
            }
            keys.Complete();
        }

        public void Complete(RowValues<RemovedRow> found, CancellationToken cancellationToken)
            => index.Join(_keys, (row, staged) => found.Add(row.File, new RemovedRow(row.At, staged.Part, staged.At)), cancellationToken);

        public void Dispose() => _keys.Dispose();

        // A row with NULL in its key equals no other row.
        private static bool HasNull(IReadOnlyList<ColumnVector> columns, int row) => columns.Any(c => c.IsNull(row));
    }
}

/// <summary>Removes rows that came from some objects.</summary>
/// <param name="hashes">The hashes of the objects' addresses, as <see cref="KeyHasher"/> makes them.</param>
/// <param name="column">The audit column.</param>
/// <param name="range">The range of the addresses.</param>
internal sealed class ObjectMatch(IReadOnlySet<UInt128> hashes, FeedColumn column, KeyRange range) : IRowMatch, IRowSearch
{
    public IReadOnlyList<FeedColumn> Columns => [column];

    public bool MayMatch(DeltaAdd file) => range.Meets(file);

    public IRowSearch Begin() => this;

    public async Task ReadAsync(int file, IAsyncEnumerable<ParquetRows> rows, RowValues<RemovedRow> found)
    {
        await foreach (var some in rows)
        {
            var names = (Utf8Vector)some.Columns[0];
            for (var row = 0; row < some.Count; row++)
            {
                if (!names.IsNull(row) && hashes.Contains(KeyHasher.Hash(names[row])))
                    found.Add(file, new RemovedRow(checked((int)(some.First + row))));
            }
        }
    }

    public void Complete(RowValues<RemovedRow> found, CancellationToken cancellationToken)
    {
        // Each row was found when its file was read.
    }

    public void Dispose()
    {
        // Nothing is kept.
    }
}
