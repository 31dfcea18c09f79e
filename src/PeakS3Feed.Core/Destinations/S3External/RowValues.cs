namespace PeakS3Feed.Destinations.S3External;

/// <summary>A value that belongs to a row of a file.</summary>
internal interface IRowValue
{
    /// <summary>The row's number in its file.</summary>
    int At { get; }
}

/// <summary>
/// Values that belong to rows of numbered files: in memory while they are few, in a temporary file when they are many. They are added in any order,
/// and read file by file in the order of the rows. Adding is safe for concurrent use.
/// </summary>
/// <param name="memoryBytes">The bytes that stay in memory until they are read.</param>
internal sealed class RowValues<T>(long memoryBytes) : IDisposable
    where T : unmanaged, IRowValue
{
    // So many rows are sorted in memory at once.
    private const int PieceRows = 256 * 1024;

    private readonly SpillBuckets<T> _values = new(memoryBytes);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, SortedList<int, int>> _files = []; // the bucket of each piece of a file
    private int _buckets;

    /// <summary>Adds the value of a row.</summary>
    public void Add(int file, T value) => _values.Append(FindBucket(file, value.At / PieceRows), value);

    /// <summary>Whether rows of a file have values.</summary>
    public bool Has(int file)
    {
        lock (_lock)
            return _files.ContainsKey(file);
    }

    /// <summary>Returns the values of a file in the order of the rows. A row may have several.</summary>
    public IEnumerable<T> Read(int file)
    {
        IReadOnlyList<int> buckets;
        lock (_lock)
            buckets = _files.TryGetValue(file, out var pieces) ? [.. pieces.Values] : [];
        foreach (var bucket in buckets)
        {
            var values = _values.Read(bucket);
            Array.Sort(values, static (a, b) => a.At.CompareTo(b.At));
            foreach (var value in values)
                yield return value;
        }
    }

    public void Dispose() => _values.Dispose();

    private int FindBucket(int file, int piece)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(file, out var pieces))
                _files.Add(file, pieces = []);
            if (!pieces.TryGetValue(piece, out var bucket))
                pieces.Add(piece, bucket = _buckets++);
            return bucket;
        }
    }
}

/// <summary>Takes the values of a file, row by row. For one task at a time.</summary>
internal sealed class RowValueReader<T>(IEnumerable<T> values) : IDisposable
    where T : unmanaged, IRowValue
{
    private readonly IEnumerator<T> _next = values.GetEnumerator();
    private bool _isRead; // whether the enumerator stands at a value that was not taken

    /// <summary>Takes the next value that belongs to a row before another one. Returns false if there is none.</summary>
    public bool TryTake(long beforeRow, out T value)
    {
        _isRead = _isRead || _next.MoveNext();
        value = _isRead ? _next.Current : default;
        if (!_isRead || value.At >= beforeRow)
            return false;
        _isRead = false;
        return true;
    }

    public void Dispose() => _next.Dispose();
}
