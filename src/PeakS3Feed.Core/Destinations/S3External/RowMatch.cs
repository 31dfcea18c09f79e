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

    /// <summary>Returns the rows of a file that are removed, and for each the staged row that updates it, if there is one.</summary>
    Task<RowMatches> FindAsync(IAsyncEnumerable<ParquetRows> rows);
}

/// <summary>The rows of one file that a load removes.</summary>
internal sealed class RowMatches
{
    /// <summary>The rows.</summary>
    public RowSet Removed { get; } = new();

    /// <summary>The staged rows that update some of them, in the order of the file's rows.</summary>
    public List<RowUpdate> Updates { get; } = [];
}

/// <summary>A row of the table that a staged row updates.</summary>
/// <param name="At">The number of the row in its file.</param>
/// <param name="Part">The number of the staged file.</param>
/// <param name="StagedAt">The number of the staged row in that file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowUpdate(int At, int Part, int StagedAt);

/// <summary>Removes rows that have a key of a staged row.</summary>
/// <param name="index">The staged keys; after their duplicates were found.</param>
/// <param name="key">The key columns, as the table has them.</param>
/// <param name="range">The range of the staged keys.</param>
internal sealed class KeyMatch(KeyIndex index, IReadOnlyList<FeedColumn> key, KeyRange range) : IRowMatch
{
    private const int MatchedAtOnce = 512 * 1024;

    // A row with NULL in its key equals no other row.
    private static bool HasNull(IReadOnlyList<ColumnVector> columns, int row) => columns.Any(c => c.IsNull(row));

    public IReadOnlyList<FeedColumn> Columns => key;

    public bool MayMatch(DeltaAdd file) => range.Meets(file);

    public async Task<RowMatches> FindAsync(IAsyncEnumerable<ParquetRows> rows)
    {
        var hasher = new KeyHasher();
        var keys = new List<TableKey>();
        var matches = new RowMatches();
        await foreach (var some in rows)
        {
            var hasNulls = some.Columns.Any(c => c.HasNulls);
            for (var row = 0; row < some.Count; row++)
            {
                if (!hasNulls || !HasNull(some.Columns, row))
                    keys.Add(new TableKey(hasher.Hash(some.Columns, row), checked((int)(some.First + row))));
            }
            if (keys.Count >= MatchedAtOnce)
                Match();
        }
        Match();
        matches.Updates.Sort(static (a, b) => a.At.CompareTo(b.At));
        return matches;

        void Match()
        {
            index.Match(CollectionsMarshal.AsSpan(keys), (at, staged) =>
            {
                matches.Removed.Add(at);
                matches.Updates.Add(new RowUpdate(at, staged.Part, staged.At));
            });
            keys.Clear();
        }
    }
}

/// <summary>Removes rows that came from some objects.</summary>
/// <param name="hashes">The hashes of the objects' addresses, as <see cref="KeyHasher"/> makes them.</param>
/// <param name="column">The audit column.</param>
/// <param name="range">The range of the addresses.</param>
internal sealed class ObjectMatch(IReadOnlySet<UInt128> hashes, FeedColumn column, KeyRange range) : IRowMatch
{
    public IReadOnlyList<FeedColumn> Columns => [column];

    public bool MayMatch(DeltaAdd file) => range.Meets(file);

    public async Task<RowMatches> FindAsync(IAsyncEnumerable<ParquetRows> rows)
    {
        var matches = new RowMatches();
        await foreach (var some in rows)
        {
            var names = (Utf8Vector)some.Columns[0];
            for (var row = 0; row < some.Count; row++)
            {
                if (!names.IsNull(row) && hashes.Contains(KeyHasher.Hash(names[row])))
                    matches.Removed.Add(some.First + row);
            }
        }
        return matches;
    }
}
