using System.Runtime.InteropServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Files;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Values in numbered buckets: in memory while they are few, in a temporary file when they are many. The system deletes the file with the process.
/// Appending is safe for concurrent use.
/// </summary>
/// <typeparam name="T">The values, of a fixed size.</typeparam>
/// <param name="count">The number of buckets.</param>
/// <param name="memoryBytes">The bytes that stay in memory.</param>
internal sealed class SpillBuckets<T>(int count, long memoryBytes) : IDisposable
    where T : unmanaged
{
    private readonly Lock _lock = new();
    private readonly List<T>?[] _waiting = new List<T>?[count];
    private readonly List<(long Offset, int Values)>?[] _extents = new List<(long, int)>?[count];
    private readonly long[] _counts = new long[count];
    private FileStream? _file;
    private long _waitingBytes;

    /// <summary>The number of buckets.</summary>
    public int Buckets => count;

    /// <summary>The number of values in all buckets.</summary>
    public long Count { get; private set; }

    private static int Size => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    /// <summary>Returns the number of values in a bucket.</summary>
    public long CountOf(int bucket) => _counts[bucket];

    /// <summary>Appends a value to a bucket.</summary>
    public void Append(int bucket, T value) => Append(bucket, MemoryMarshal.CreateReadOnlySpan(ref value, 1));

    /// <summary>Appends values to a bucket.</summary>
    public void Append(int bucket, ReadOnlySpan<T> values)
    {
        lock (_lock)
        {
            var list = _waiting[bucket] ??= [];
            list.AddRange(values);
            _counts[bucket] += values.Length;
            Count += values.Length;
            _waitingBytes += (long)values.Length * Size;
            if (_waitingBytes > memoryBytes)
                Spill();
        }
    }

    /// <summary>Returns some consecutive values of a bucket.</summary>
    public T[] Read(int bucket, long from, int length)
    {
        var values = new T[length];
        lock (_lock)
        {
            long at = 0; // of the extent in the bucket
            foreach (var (offset, extent) in _extents[bucket] ?? [])
            {
                var (first, last) = (Math.Max(from, at), Math.Min(from + length, at + extent));
                if (first < last)
                {
                    _file!.Position = offset + ((first - at) * Size);
                    _file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan((int)(first - from), (int)(last - first))));
                }
                at += extent;
            }
            if (from + length > at)
            {
                var first = Math.Max(from, at);
                var waiting = CollectionsMarshal.AsSpan(_waiting[bucket]!);
                waiting.Slice((int)(first - at), (int)(from + length - first)).CopyTo(values.AsSpan((int)(first - from)));
            }
        }
        return values;
    }

    /// <summary>Returns the values of a bucket in the order in which they were appended.</summary>
    public T[] Read(int bucket)
    {
        lock (_lock)
        {
            var values = new T[_counts[bucket]];
            var at = 0;
            foreach (var (offset, length) in _extents[bucket] ?? [])
            {
                var bytes = MemoryMarshal.AsBytes(values.AsSpan(at, length));
                _file!.Position = offset;
                _file.ReadExactly(bytes);
                at += length;
            }
            if (_waiting[bucket] is { } list)
                CollectionsMarshal.AsSpan(list).CopyTo(values.AsSpan(at));
            return values;
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Spill()
    {
        _file ??= SpoolErrors.Try(() => PrivateFiles.CreateTemporary("keys"));
        _file.Position = _file.Length;
        for (var bucket = 0; bucket < count; bucket++)
        {
            if (_waiting[bucket] is not { Count: > 0 } list)
                continue;
            (_extents[bucket] ??= []).Add((_file.Position, list.Count));
            SpoolErrors.Try(() =>
            {
                _file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(list)));
                return true;
            });
            list.Clear();
        }
        _waitingBytes = 0;
    }
}
