using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Reads one object from its first byte to its last: open, decompress, parse, type. Several objects can be read at a time.</summary>
/// <param name="feed">How objects are read.</param>
/// <param name="options">How rows are typed.</param>
/// <param name="pool">Batches to fill.</param>
/// <param name="limit">Bounds the batches that wait.</param>
internal sealed class ObjectReader(S3Feed feed, RowAssemblerOptions options, BatchPool pool, ReadAheadLimit limit)
{
    // A batch need not collect more rejects than the load may have, and some to show what is the matter.
    private const long RejectsKeptBeyondThreshold = 100;
    private readonly long _maxRejects
        = feed.FailedRowThreshold is { Percent: null } threshold ? threshold.Count + RejectsKeptBeyondThreshold : long.MaxValue;

    /// <summary>Reads the object into <paramref name="reading"/>; an error ends that and is not thrown.</summary>
    /// <param name="reading">The object, and where its batches go.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="grew">Takes the columns when the object has added some.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async Task ReadAsync(
        ObjectReading reading, Func<Task<Stream>> open, Action<ObjectReading, FeedSchema> grew, CancellationToken cancellationToken)
    {
        try
        {
            await ReadBatchesAsync(reading, open, grew, cancellationToken);
            reading.Complete();
        }
        catch (Exception e)
        {
            reading.Complete(e);
        }
    }

    private async Task ReadBatchesAsync(
        ObjectReading reading, Func<Task<Stream>> open, Action<ObjectReading, FeedSchema> grew, CancellationToken cancellationToken)
    {
        var source = reading.Object.Source;
        await using var stored = new MeteredStream(await open(), reading);
        await using var content = Ahead(await ContentStream.OpenAsync(stored, source.Uri, cancellationToken), source);
        await using var reader = await RecordReaders.OpenAsync(
            feed.FileType, feed.Csv, content, source.Uri, ReadingMemory.MaxRowBytesAhead, ct => new ValueTask(WaitForTurnAsync(reading, ct)),
            cancellationToken);
        var assembler = new RowAssembler(reading.Schema, options);
        AssembledBatch batch;
        do
        {
            batch = await assembler.ReadAsync(reader, source, pool.Rent(assembler.Schema), _maxRejects, cancellationToken);
            if (!ReferenceEquals(assembler.Schema, reading.Schema))
                grew(reading, assembler.Schema);
            reading.FieldsGrow = reader.FieldsGrow;
            reading.Fields = !reader.FieldsGrow || batch.EndOfFile ? reader.Fields : null;
            if (!await limit.EnterAsync(reading, batch.Rows.CapacityInBytes, cancellationToken))
                return;
            reading.Add(batch);
        }
        while (!batch.EndOfFile);
    }

    private async Task WaitForTurnAsync(ObjectReading reading, CancellationToken cancellationToken)
    {
        if (!await limit.WaitForTurnAsync(reading, cancellationToken))
            throw new OperationCanceledException();
    }

    // A small object is in memory already, and its turn is over before another thread would be of use.
    private static Stream Ahead(Stream content, SourceObject source)
        => source.Size > ObjectPrefetcher.SmallBytes ? new ReadAheadStream(content) : content;
}
