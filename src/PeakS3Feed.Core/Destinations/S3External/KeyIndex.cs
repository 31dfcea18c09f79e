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
/// <param name="File">The number of the file.</param>
/// <param name="At">The row's number in that file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TableKey(UInt128 Hash, int File, int At);

/// <summary>
/// The keys of all staged rows, in buckets by their hashes: in memory while they are few, in a temporary file when they are many.
/// </summary>
/// <param name="memoryBytes">The bytes that stay in memory.</param>
internal sealed class KeyIndex(long memoryBytes = KeyIndex.MemoryBytes) : IDisposable
{
    private const int BucketCount = 256;
    private const long MemoryBytes = 24 * 1024 * 1024;

    private readonly SpillBuckets<StagedKey> _all = new(memoryBytes);
    private SpillBuckets<StagedKey>? _last;
    private KeyFilter? _filter; // of the keys in _last

    /// <summary>Adds keys. Safe for concurrent use.</summary>
    public void Add(ReadOnlySpan<StagedKey> keys) => Append(_all, keys, static k => k.Hash);

    /// <summary>
    /// Finds the last row of each key in loading order. Returns the other rows, by staged file. Called again after rows were dropped.
    /// </summary>
    /// <param name="isDropped">Whether a staged row is not loaded.</param>
    public Dictionary<int, RowSet> FindDuplicates(Func<StagedKey, bool> isDropped)
    {
        _last?.Dispose();
        _last = new(memoryBytes);
        _filter = new KeyFilter(_all.Count);
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
            foreach (ref readonly var key in keys.AsSpan(0, kept))
                _filter.Add(key.Hash);
            _last.Append(bucket, keys.AsSpan(0, kept));
        }
        return duplicates;
    }

    /// <summary>Whether a staged row may have a key. After <see cref="FindDuplicates"/>.</summary>
    public bool MayHave(UInt128 hash) => _filter!.MayHave(hash);

    /// <summary>
    /// Finds the staged rows with the keys of rows of the table. Reads all keys of both once. After <see cref="FindDuplicates"/>.
    /// </summary>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="found">Is called for each row that has a staged row with its key.</param>
    /// <param name="cancellationToken">Ends the work between two buckets.</param>
    public void Join(TableKeys rows, Action<TableKey, StagedKey> found, CancellationToken cancellationToken)
    {
        for (var bucket = 0; bucket < BucketCount; bucket++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var keys = rows.Read(bucket);
            if (keys.Length == 0)
                continue;
            Array.Sort(keys, static (a, b) => a.Hash.CompareTo(b.Hash));
            Merge(keys, _last!.Read(bucket), found);
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _last?.Dispose();
    }

    /// <summary>Appends keys to buckets by their hashes: all keys of a bucket at once.</summary>
    internal static void Append<T>(SpillBuckets<T> to, ReadOnlySpan<T> keys, Func<T, UInt128> hash)
        where T : unmanaged
    {
        Span<int> starts = stackalloc int[BucketCount + 1];
        foreach (ref readonly var key in keys)
            starts[Bucket(hash(key)) + 1]++;
        for (var i = 0; i < BucketCount; i++)
            starts[i + 1] += starts[i];
        var sorted = new T[keys.Length];
        Span<int> next = stackalloc int[BucketCount];
        starts[..BucketCount].CopyTo(next);
        foreach (ref readonly var key in keys)
            sorted[next[Bucket(hash(key))]++] = key;
        for (var i = 0; i < BucketCount; i++)
        {
            if (starts[i + 1] > starts[i])
                to.Append(i, sorted.AsSpan(starts[i]..starts[i + 1]));
        }
    }

    private static int Bucket(UInt128 hash) => (int)(hash >> 120);

    private static int InLoadingOrder(StagedKey a, StagedKey b)
    {
        var order = a.Hash.CompareTo(b.Hash);
        if (order == 0)
            order = a.Ordinal.CompareTo(b.Ordinal);
        return order == 0 ? a.Row.CompareTo(b.Row) : order;
    }

    private static void Merge(TableKey[] rows, StagedKey[] keys, Action<TableKey, StagedKey> found)
    {
        var at = 0;
        foreach (var row in rows)
        {
            while (at < keys.Length && keys[at].Hash < row.Hash)
                at++;
            if (at < keys.Length && keys[at].Hash == row.Hash)
                found(row, keys[at]);
        }
    }
}

/// <summary>
/// The keys of rows of the table that may be among the staged ones, in buckets as those of <see cref="KeyIndex"/>.
/// </summary>
/// <param name="index">The staged keys; after their duplicates were found.</param>
/// <param name="memoryBytes">The bytes that stay in memory.</param>
internal sealed class TableKeys(KeyIndex index, long memoryBytes = TableKeys.MemoryBytes) : IDisposable
{
    private const long MemoryBytes = 16 * 1024 * 1024;
    private const int AddedAtOnce = 8 * 1024;

    private readonly SpillBuckets<TableKey> _keys = new(memoryBytes);

    /// <summary>The staged keys.</summary>
    public KeyIndex Index => index;

    /// <summary>Returns what adds the keys of one file. For one task at a time; its last call is <see cref="Adder.Complete"/>.</summary>
    public Adder ForFile(int file) => new(this, file);

    /// <summary>Returns the keys of a bucket.</summary>
    public TableKey[] Read(int bucket) => _keys.Read(bucket);

    public void Dispose() => _keys.Dispose();

    /// <summary>Adds the keys of one file.</summary>
    internal sealed class Adder(TableKeys to, int file)
    {
        private readonly List<TableKey> _some = [];

        /// <summary>Adds the key of a row, if a staged row may have it.</summary>
        public void Add(UInt128 hash, int at)
        {
            if (!to.Index.MayHave(hash))
                return;
            _some.Add(new TableKey(hash, file, at));
            if (_some.Count == AddedAtOnce)
                Complete();
        }

        /// <summary>Passes on the keys that wait.</summary>
        public void Complete()
        {
            KeyIndex.Append(to._keys, CollectionsMarshal.AsSpan(_some), static k => k.Hash);
            _some.Clear();
        }
    }
}
