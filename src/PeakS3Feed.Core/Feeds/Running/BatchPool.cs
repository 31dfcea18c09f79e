using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Batches that loading has emptied, for reading to fill again: at most <see cref="ReadingMemory.MaxPooledBytes"/>.</summary>
internal sealed class BatchPool
{
    private readonly Lock _lock = new();
    private readonly Queue<(RowBatch Batch, long Bytes)> _batches = new();
    private long _bytes;

    /// <summary>The most bytes that were kept at one time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Returns an empty batch of that schema, or null if the pool has none.</summary>
    public RowBatch? Rent(FeedSchema schema)
    {
        lock (_lock)
        {
            while (_batches.TryDequeue(out var kept))
            {
                _bytes -= kept.Bytes;
                if (ReferenceEquals(kept.Batch.Schema, schema))
                    return kept.Batch;
            }
        }
        return null;
    }

    /// <summary>Takes back a batch whose rows are not needed any more.</summary>
    public void Return(RowBatch batch)
    {
        batch.Clear();
        var bytes = batch.CapacityInBytes;
        lock (_lock)
        {
            if (_bytes + bytes > ReadingMemory.MaxPooledBytes)
                return;
            _batches.Enqueue((batch, bytes));
            _bytes += bytes;
            PeakBytes = Math.Max(PeakBytes, _bytes);
        }
    }
}
