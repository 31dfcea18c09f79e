using System.Threading.Channels;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
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
    // A batch collects at most as many rejects as the load may have, and a few more for the report.
    private const long RejectsKeptBeyondThreshold = 100;
    private readonly long _maxRejects
        = feed.FailedRowThreshold is { Percent: null } threshold ? threshold.Count + RejectsKeptBeyondThreshold : long.MaxValue;

    /// <summary>Reads the object into <paramref name="reading"/>. Does not throw: an error completes <paramref name="reading"/>.</summary>
    /// <param name="reading">The object, and where its batches go.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="grew">Receives the columns when the object has added some.</param>
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
            feed.Format, content, source.Uri, ReadingMemory.MaxRowBytesAhead, ct => new ValueTask(WaitForTurnAsync(reading, ct)),
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

    // A small object is in memory already. Its turn ends before another thread could help.
    private static Stream Ahead(Stream content, SourceObject source)
        => source.Size > ObjectPrefetcher.SmallBytes ? new ReadAheadStream(content) : content;
}

/// <summary>One object that a lane reads: its finished batches, the error that ended reading, and the columns that it was read with.</summary>
/// <param name="id">The object's number in the plan.</param>
/// <param name="planned">The object.</param>
/// <param name="schema">The columns that it is read with.</param>
/// <param name="meter">Counts the bytes.</param>
internal sealed class ObjectReading(long id, PlannedObject planned, FeedSchema schema, RunMeter meter)
{
    private readonly Lock _lock = new();
    private readonly Channel<AssembledBatch> _batches
        = Channel.CreateUnbounded<AssembledBatch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private long _bytes;
    private bool _forgotten;

    public long Id { get; } = id;

    public PlannedObject Object { get; } = planned;

    /// <summary>The columns that were known when reading began. The object may add some.</summary>
    public FeedSchema Schema { get; } = schema;

    /// <summary>The file's fields; null while they can still grow. Set before the batch that it belongs to.</summary>
    public IReadOnlyList<string>? Fields { get; set; }

    /// <summary>Whether the names of fields must be equal to bind (JSON), or may differ in case (CSV).</summary>
    public bool FieldsGrow { get; set; }

    /// <summary>Why the object is a bad file. Set before <see cref="WaitAsync"/> returns false.</summary>
    public FeedException? Failure { get; private set; }

    /// <summary>Whether the rest of the object is not needed any more. <see cref="ReadAheadLimit"/> sets it.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Batches that wait; <see cref="ReadAheadLimit"/> counts them.</summary>
    public int WaitingBatches { get; set; }

    /// <summary>Their bytes.</summary>
    public long WaitingBytes { get; set; }

    /// <summary>How much of the object is read, from 0 to 1.</summary>
    public double Progress => Object.Source.Size is > 0 and var size ? Math.Min(1, (double)Volatile.Read(ref _bytes) / size) : 1;

    /// <summary>Counts bytes of the object as stored.</summary>
    public void AddBytes(int bytes)
    {
        lock (_lock)
        {
            if (_forgotten)
                return;
            _bytes += bytes;
            meter.AddBytes(bytes);
        }
    }

    /// <summary>Subtracts the object's bytes from the progress, because the object is read again.</summary>
    public void ForgetBytes()
    {
        lock (_lock)
        {
            _forgotten = true;
            meter.AddBytes(-_bytes);
        }
    }

    public void Add(AssembledBatch batch) => _batches.Writer.TryWrite(batch);

    /// <summary>Ends the batches: after the last batch, with the error of a bad file, or with any other error.</summary>
    public void Complete(Exception? error = null)
    {
        Failure = error is FeedException failure && BadFile.ConcernsOneFile(failure) ? failure : null;
        _batches.Writer.TryComplete(Failure is null ? error : null);
    }

    /// <summary>Waits for the next batch. Returns false if there is none because the object is a bad file. Throws any other error.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _batches.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Returns the batch for which <see cref="WaitAsync"/> waited.</summary>
    public bool TryTake(out AssembledBatch batch) => _batches.Reader.TryRead(out batch!);
}
