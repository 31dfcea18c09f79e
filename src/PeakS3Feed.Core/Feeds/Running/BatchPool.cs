using System.Collections.Concurrent;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Batches that loading has emptied and reading fills again.</summary>
internal sealed class BatchPool
{
    private readonly ConcurrentQueue<RowBatch> _batches = new();

    /// <summary>An empty batch of that schema, or null when there is none.</summary>
    public RowBatch? Rent(FeedSchema schema)
    {
        while (_batches.TryDequeue(out var batch))
        {
            if (ReferenceEquals(batch.Schema, schema))
                return batch;
        }
        return null;
    }

    public void Return(RowBatch batch)
    {
        batch.Clear();
        _batches.Enqueue(batch);
    }
}
