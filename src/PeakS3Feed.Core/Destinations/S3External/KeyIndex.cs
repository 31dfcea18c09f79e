using System.Runtime.InteropServices;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The key of a staged row, and where the row is.</summary>
/// <param name="Hash">A hash of the key; two keys never share one.</param>
/// <param name="Ordinal">The object's number in the load.</param>
/// <param name="Row">The row's number in the object.</param>
/// <param name="Part">The number of the staged file.</param>
/// <param name="At">The row's number in that file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StagedKey(UInt128 Hash, long Ordinal, long Row, int Part, int At);

/// <summary>The key of a row of the table.</summary>
/// <param name="Hash">The hash of the key.</param>
/// <param name="At">The row's number in its file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TableKey(UInt128 Hash, int At);

/// <summary>
/// The keys of all staged rows, in buckets by their hashes: in memory while they are few, in a temporary file when they are many.
/// </summary>
/// <param name="memoryBytes">The bytes that stay in memory.</param>
internal sealed class KeyIndex(long memoryBytes = KeyIndex.MemoryBytes) : IDisposable
{
    private const int BucketCount = 256;
    private const long MemoryBytes = 24 * 1024 * 1024;

    private readonly SpillBuckets<StagedKey> _all = new(BucketCount, memoryBytes);
    private SpillBuckets<StagedKey>? _last;

    /// <summary>Adds keys. Safe for concurrent use.</summary>
    public void Add(ReadOnlySpan<StagedKey> keys)
    {
        Span<int> starts = stackalloc int[BucketCount + 1];
        foreach (ref readonly var key in keys)
            starts[Bucket(key.Hash) + 1]++;
        for (var i = 0; i < BucketCount; i++)
            starts[i + 1] += starts[i];
        var sorted = new StagedKey[keys.Length];
        Span<int> next = stackalloc int[BucketCount];
        starts[..BucketCount].CopyTo(next);
        foreach (ref readonly var key in keys)
            sorted[next[Bucket(key.Hash)]++] = key;
        for (var i = 0; i < BucketCount; i++)
        {
            if (starts[i + 1] > starts[i])
                _all.Append(i, sorted.AsSpan(starts[i]..starts[i + 1]));
        }
    }

    /// <summary>
    /// Finds the last row of each key in loading order. Returns the other rows, by staged file. Called again after rows were dropped.
    /// </summary>
    /// <param name="isDropped">Whether a staged row is not loaded.</param>
    public Dictionary<int, RowSet> FindDuplicates(Func<StagedKey, bool> isDropped)
    {
        _last?.Dispose();
        _last = new(BucketCount, memoryBytes);
        var duplicates = new Dictionary<int, RowSet>();
        for (var bucket = 0; bucket < BucketCount; bucket++)
        {
            var keys = _all.Read(bucket);
            Array.Sort(keys, InLoadingOrder);
            var kept = 0;
            foreach (var key in keys)
            {
                if (isDropped(key))
                    continue;
                if (kept > 0 && keys[kept - 1].Hash == key.Hash)
                {
                    var earlier = keys[--kept];
                    (duplicates.TryGetValue(earlier.Part, out var rows) ? rows : duplicates[earlier.Part] = new()).Add(earlier.At);
                }
                keys[kept++] = key;
            }
            _last.Append(bucket, keys.AsSpan(0, kept));
        }
        return duplicates;
    }

    /// <summary>Finds the staged rows with the keys of rows of the table. After <see cref="FindDuplicates"/>.</summary>
    /// <param name="rows">The rows of one file; the method sorts them.</param>
    /// <param name="found">Is called for each row that has a staged row with its key.</param>
    public void Match(Span<TableKey> rows, Action<int, StagedKey> found)
    {
        rows.Sort(static (a, b) => a.Hash.CompareTo(b.Hash));
        for (var from = 0; from < rows.Length;)
        {
            var bucket = Bucket(rows[from].Hash);
            var to = from;
            while (to < rows.Length && Bucket(rows[to].Hash) == bucket)
                to++;
            if (_last!.CountOf(bucket) > 0)
                Merge(rows[from..to], _last.Read(bucket), found);
            from = to;
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _last?.Dispose();
    }

    private static int Bucket(UInt128 hash) => (int)(hash >> 120);

    private static int InLoadingOrder(StagedKey a, StagedKey b)
    {
        var order = a.Hash.CompareTo(b.Hash);
        if (order == 0)
            order = a.Ordinal.CompareTo(b.Ordinal);
        return order == 0 ? a.Row.CompareTo(b.Row) : order;
    }

    private static void Merge(ReadOnlySpan<TableKey> rows, StagedKey[] keys, Action<int, StagedKey> found)
    {
        var at = 0;
        foreach (var row in rows)
        {
            while (at < keys.Length && keys[at].Hash < row.Hash)
                at++;
            if (at < keys.Length && keys[at].Hash == row.Hash)
                found(row.At, keys[at]);
        }
    }
}
