using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PeakS3Feed.Rows.Spooling;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Rows of partitions that have no open file, until there are enough for files: in memory while they are few, in a temporary file when they are many.
/// For one task at a time. All rows have the same columns.
/// </summary>
/// <param name="columns">The columns.</param>
/// <param name="memoryBytes">The bytes that stay in memory.</param>
internal sealed class WaitingRows(IReadOnlyList<FeedColumn> columns, long memoryBytes) : IDisposable
{
    private const int ReadBytes = 1024 * 1024;
    private const int MaxReadRows = 4096;
    private const int MaxReadBytes = 4 * 1024 * 1024;
    private const int MaxRecordBytesKept = 1024 * 1024;

    private readonly SpillBuckets<byte> _rows = new(memoryBytes);
    private readonly Dictionary<PartitionValues, int> _partitions = new(ReferenceEqualityComparer.Instance);
    private ArrayBufferWriter<byte> _record = new();
    private readonly HashSet<long> _dropped = [];

    /// <summary>The columns.</summary>
    public IReadOnlyList<FeedColumn> Columns => columns;

    /// <summary>The number of bytes of all rows.</summary>
    public long Bytes => _rows.Count;

    /// <summary>The partitions that have rows.</summary>
    public IEnumerable<PartitionValues> Partitions => _partitions.Keys;

    /// <summary>Whether a partition has rows.</summary>
    public bool Has(PartitionValues partition) => _partitions.ContainsKey(partition);

    /// <summary>Adds rows.</summary>
    /// <exception cref="Errors.FeedException"><c>ScratchFull</c>, <c>ScratchFailed</c>.</exception>
    public void Add(PartitionRows rows)
    {
        if (!_partitions.TryGetValue(rows.Partition, out var bucket))
            _partitions.Add(rows.Partition, bucket = _partitions.Count);
        if (_record.Capacity > MaxRecordBytesKept)
            _record = new ArrayBufferWriter<byte>(); // a huge text must not keep its memory reserved
        _record.ResetWrittenCount();
        VectorRecord.Write(_record, 0); // the size, once it is known
        VectorRecord.Write(_record, rows.Count);
        for (var row = 0; row < rows.Count; row++)
        {
            var origin = rows.OriginOf(row);
            _record.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<RowOrigin>(in origin)));
        }
        VectorRecord.Write(_record, rows.Columns, rows.Count);
        if (!MemoryMarshal.TryGetArray(_record.WrittenMemory, out var bytes))
            throw new InvalidOperationException("The record is not in an array.");
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Count);
        _rows.Append(bucket, bytes);
    }

    /// <summary>Drops the rows of an object.</summary>
    public void DropObject(long ordinal) => _dropped.Add(ordinal);

    /// <summary>Returns the rows of a partition in their order, some at a time; each is valid until the next one.</summary>
    /// <exception cref="Errors.FeedException"><c>ScratchFailed</c>.</exception>
    public IEnumerable<PartitionRows> Read(PartitionValues partition)
    {
        var vectors = columns.Select(ColumnVector.Create).ToArray();
        var origins = new List<RowOrigin>();
        var bytes = 0;
        foreach (var record in ReadRecords(_partitions[partition]))
        {
            Append(record.Span, vectors, origins);
            bytes += record.Length;
            if (origins.Count == 0 || (origins.Count < MaxReadRows && bytes < MaxReadBytes))
                continue;
            yield return new PartitionRows(partition, vectors, origins.Count, default, [.. origins]);
            Clear();
        }
        if (origins.Count > 0)
            yield return new PartitionRows(partition, vectors, origins.Count, default, [.. origins]);

        void Clear()
        {
            bytes = 0;
            origins.Clear();
            foreach (var vector in vectors)
                vector.Truncate(0);
        }
    }

    public void Dispose() => _rows.Dispose();

    private void Append(ReadOnlySpan<byte> record, ColumnVector[] vectors, List<RowOrigin> origins)
    {
        var rows = BinaryPrimitives.ReadInt32LittleEndian(record[sizeof(int)..]);
        var from = MemoryMarshal.Cast<byte, RowOrigin>(record.Slice(2 * sizeof(int), rows * Unsafe.SizeOf<RowOrigin>()));
        if (_dropped.Contains(from[0].Ordinal)) // all rows of a record are of one object
            return;
        origins.AddRange(from);
        VectorRecord.Append(record[((2 * sizeof(int)) + MemoryMarshal.AsBytes(from).Length)..], vectors, rows);
    }

    private IEnumerable<ReadOnlyMemory<byte>> ReadRecords(int bucket)
    {
        var count = _rows.CountOf(bucket);
        var length = ReadBytes;
        for (long at = 0; at < count;)
        {
            var bytes = _rows.Read(bucket, at, (int)Math.Min(length, count - at));
            var used = 0;
            length = ReadBytes;
            while (bytes.Length - used >= sizeof(int))
            {
                var size = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(used));
                if (size > bytes.Length - used)
                {
                    length = Math.Max(ReadBytes, size); // the next read begins with this record
                    break;
                }
                yield return bytes.AsMemory(used, size);
                used += size;
            }
            at += used;
        }
    }
}

/// <summary>How many rows wait for files of their partitions, in all lanes of a load together.</summary>
/// <param name="MemoryBytes">The bytes that stay in memory.</param>
/// <param name="TotalBytes">The bytes from which on the rows are written to files, so that the temporary files stay small.</param>
internal sealed record WaitingLimits(long MemoryBytes = 32 * 1024 * 1024, long TotalBytes = 4L * 1024 * 1024 * 1024);
