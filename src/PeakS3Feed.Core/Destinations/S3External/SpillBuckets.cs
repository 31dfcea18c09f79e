using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Files;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Values in numbered buckets: in memory while they are few, in a temporary file when they are many. The system deletes the file with the process.
/// Safe for concurrent use.
/// </summary>
/// <typeparam name="T">The values, of a fixed size.</typeparam>
/// <param name="memoryBytes">The bytes that stay in memory.</param>
internal sealed class SpillBuckets<T>(long memoryBytes) : IDisposable
    where T : unmanaged
{
    private readonly Lock _lock = new();
    private readonly List<Bucket> _buckets = [];
    private FileStream? _file;
    private long _waitingBytes;

    /// <summary>The number of values in all buckets.</summary>
    public long Count { get; private set; }

    private static int Size => Unsafe.SizeOf<T>();

    /// <summary>Returns the number of values in a bucket.</summary>
    public long CountOf(int bucket)
    {
        lock (_lock)
            return bucket < _buckets.Count ? _buckets[bucket].Count : 0;
    }

    /// <summary>Appends a value to a bucket. Each bucket up to the greatest number takes some memory, also an empty one.</summary>
    /// <exception cref="Errors.FeedException"><c>ScratchFull</c>, <c>ScratchFailed</c>.</exception>
    public void Append(int bucket, T value) => Append(bucket, MemoryMarshal.CreateReadOnlySpan(ref value, 1));

    /// <summary>Appends values to a bucket.</summary>
    /// <exception cref="Errors.FeedException"><c>ScratchFull</c>, <c>ScratchFailed</c>.</exception>
    public void Append(int bucket, ReadOnlySpan<T> values)
    {
        lock (_lock)
        {
            while (_buckets.Count <= bucket)
                _buckets.Add(new Bucket());
            var to = _buckets[bucket];
            (to.Waiting ??= []).AddRange(values);
            to.Count += values.Length;
            Count += values.Length;
            _waitingBytes += (long)values.Length * Size;
            if (_waitingBytes > memoryBytes)
                Spill();
        }
    }

    /// <summary>Returns the values of a bucket in the order in which they were appended.</summary>
    /// <exception cref="Errors.FeedException"><c>ScratchFailed</c>.</exception>
    public T[] Read(int bucket) => Read(bucket, 0, checked((int)CountOf(bucket)));

    /// <summary>Returns some consecutive values of a bucket.</summary>
    /// <exception cref="Errors.FeedException"><c>ScratchFailed</c>.</exception>
    public T[] Read(int bucket, long from, int length)
    {
        if (length == 0)
            return [];
        var values = new T[length];
        lock (_lock)
        {
            var source = _buckets[bucket];
            long at = 0; // of the extent in the bucket
            foreach (var (offset, extent) in source.Extents)
            {
                var (first, last) = (Math.Max(from, at), Math.Min(from + length, at + extent));
                if (first < last)
                    ReadFile(offset + ((first - at) * Size), values.AsMemory((int)(first - from), (int)(last - first)));
                at += extent;
            }
            if (from + length > at)
            {
                var first = Math.Max(from, at);
                var waiting = CollectionsMarshal.AsSpan(source.Waiting);
                waiting.Slice((int)(first - at), (int)(from + length - first)).CopyTo(values.AsSpan((int)(first - from)));
            }
        }
        return values;
    }

    public void Dispose() => _file?.Dispose();

    private void ReadFile(long offset, Memory<T> values) => SpoolErrors.Try(() =>
    {
        _file!.Position = offset;
        _file.ReadExactly(MemoryMarshal.AsBytes(values.Span));
        return true;
    });

    private void Spill()
    {
        _file ??= SpoolErrors.Try(() => PrivateFiles.CreateTemporary("table"));
        _file.Position = _file.Length;
        foreach (var bucket in _buckets)
        {
            if (bucket.Waiting is not { } waiting)
                continue;
            bucket.Extents.Add((_file.Position, waiting.Count));
            SpoolErrors.Try(() =>
            {
                _file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(waiting)));
                return true;
            });
            bucket.Waiting = null; // another bucket may need the memory next
        }
        _waitingBytes = 0;
    }

    private sealed class Bucket
    {
        public long Count { get; set; }

        public List<T>? Waiting { get; set; }

        /// <summary>Where the values in the file are. Those in memory follow.</summary>
        public List<(long Offset, int Values)> Extents { get; } = [];
    }
}
