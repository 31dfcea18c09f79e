using System.Threading.Channels;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Reads the objects of a load in lanes. Each lane takes the next object in loading order and reads all of it. The consumer gets the objects in
/// loading order. A lane reads with the columns that it expects after the objects before. The consumer checks them when it is the object's turn.
/// </summary>
internal sealed class ObjectLanes : IAsyncDisposable
{
    private readonly int _lanes;
    private readonly ObjectReader _reader;
    private readonly ReadAheadLimit _limit;
    private readonly RunMeter _meter;
    private readonly BatchPool _pool;
    private readonly CancellationTokenSource _stopping;
    private readonly ObjectPrefetcher _objects;
    private readonly SemaphoreSlim _taking = new(1);
    private readonly Channel<ObjectReading> _order = Channel.CreateUnbounded<ObjectReading>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Task> _tasks = [];
    private readonly Lock _lock = new();
    private FeedSchema _expected;
    private ObjectReading? _grown;

    /// <summary>Begins to read.</summary>
    /// <param name="lanes">How many objects are read at a time.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="load">The load's number in it.</param>
    /// <param name="source">Where objects are read.</param>
    /// <param name="reader">Reads one.</param>
    /// <param name="limit">Bounds what waits.</param>
    /// <param name="meter">Counts bytes.</param>
    /// <param name="pool">Receives batches that are dropped.</param>
    /// <param name="schema">The columns before the first object.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public ObjectLanes(
        int lanes, PlanFile plan, int load, IObjectSource source, ObjectReader reader, ReadAheadLimit limit, RunMeter meter, BatchPool pool,
        FeedSchema schema, CancellationToken cancellationToken)
    {
        _lanes = lanes;
        _reader = reader;
        _limit = limit;
        _meter = meter;
        _pool = pool;
        _expected = schema;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _objects = new ObjectPrefetcher(plan, load, source, lanes, _stopping.Token);
        for (var lane = 0; lane < lanes; lane++)
            _tasks.Add(Task.Run(ReadLaneAsync, CancellationToken.None));
    }

    /// <summary>The objects in loading order, while they are read.</summary>
    public IAsyncEnumerable<ObjectReading> InOrderAsync(CancellationToken cancellationToken) => _order.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Begins the object's turn: loading takes its batches from now on.</summary>
    public void BeginTurn(ObjectReading reading) => _limit.SetHead(reading);

    /// <summary>Records that loading took a batch of the object.</summary>
    public void Taken(ObjectReading reading, long bytes) => _limit.Leave(reading, bytes);

    /// <summary>Sets the columns with which lanes should read the next objects, after the turn of an object whose rows do not count.</summary>
    public void Expect(FeedSchema schema)
    {
        if (_lanes == 1)
            return; // the lane knows it better, for it is ahead
        lock (_lock)
            _expected = schema;
    }

    /// <summary>Drops what was read of the object whose turn it is, and reads it again with other columns.</summary>
    public ObjectReading ReadAgain(ObjectReading stale, FeedSchema schema)
    {
        _limit.Abandon(stale);
        while (stale.TryTake(out var batch))
        {
            _limit.Leave(stale, batch.Rows.CapacityInBytes);
            _pool.Return(batch.Rows);
        }
        stale.ForgetBytes();
        Expect(schema);
        var reading = new ObjectReading(stale.Id, stale.Object, schema, _meter);
        _limit.SetHead(reading);
        _tasks.RemoveAll(t => t.IsCompleted);
        _tasks.Add(Task.Run(
            () => _reader.ReadAsync(reading, () => _objects.OpenAsync(reading.Object.Source), Grew, _stopping.Token), CancellationToken.None));
        return reading;
    }

    /// <summary>Stops all lanes and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_tasks); // they never throw
        await _objects.DisposeAsync();
        _stopping.Dispose();
        _taking.Dispose();
    }

    private async Task ReadLaneAsync()
    {
        while (await NextAsync() is var (reading, open))
        {
            await _reader.ReadAsync(reading, open, Grew, _stopping.Token);
            if (reading.Failure is not null)
                Shrink(reading);
        }
    }

    private async Task<(ObjectReading Reading, Func<Task<Stream>> Open)?> NextAsync()
    {
        try
        {
            await _taking.WaitAsync(_stopping.Token);
            try
            {
                if (await _objects.NextAsync() is { } next)
                    return Begin(next);
                _order.Writer.TryComplete();
            }
            finally
            {
                _taking.Release();
            }
        }
        catch (Exception e)
        {
            _order.Writer.TryComplete(e);
        }
        return null;
    }

    private (ObjectReading Reading, Func<Task<Stream>> Open) Begin((long Id, PlannedObject Object, Func<Task<Stream>> Open) next)
    {
        ObjectReading reading;
        lock (_lock)
            reading = new ObjectReading(next.Id, next.Object, _expected, _meter);
        _order.Writer.TryWrite(reading);
        return (reading, next.Open);
    }

    private void Grew(ObjectReading reading, FeedSchema schema)
    {
        lock (_lock)
        {
            if (schema.Columns.Count > _expected.Columns.Count)
                (_expected, _grown) = (schema, reading);
        }
    }

    private void Shrink(ObjectReading failed)
    {
        lock (_lock)
        {
            if (_grown == failed)
                (_expected, _grown) = (failed.Schema, null);
        }
    }
}
