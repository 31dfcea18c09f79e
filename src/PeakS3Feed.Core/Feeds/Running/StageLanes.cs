using System.Threading.Channels;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Writes the objects of a load into a stage by several tasks, each with a lane of the stage. An object goes to one of them whole; objects are
/// handed over in loading order and written in any order, because staged rows carry their place in it. For one caller at a time.
/// </summary>
internal sealed class StageLanes : IRowSink
{
    private readonly Action<RowBatch> _release;
    private readonly Lane[] _lanes;
    private readonly SemaphoreSlim _changed = new(0); // a batch was written, or a lane has failed
    private long _bytes;
    private int _current = -1;

    /// <summary>Opens the lanes.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="count">How many objects are written at a time.</param>
    /// <param name="release">Takes back batches that are written; from any thread.</param>
    /// <param name="cancellationToken">Ends writing.</param>
    public StageLanes(IStage stage, int count, Action<RowBatch> release, CancellationToken cancellationToken)
    {
        _release = release;
        _lanes = [.. Enumerable.Range(0, count).Select(_ => new Lane(stage.OpenLane(), () => _changed.Release(), cancellationToken))];
    }

    public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
    {
        _current = FindNext();
        return EnqueueAsync((sink, ct) => sink.BeginObjectAsync(source, ordinal, undoable, ct), cancellationToken);
    }

    /// <summary>
    /// Hands the batch over, once there is room: all lanes together hold at most <see cref="ReadingMemory.MaxStagingBytes"/>, or one batch. The
    /// batch belongs to its lane until it is released. A stage refuses no rows here.
    /// </summary>
    public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        var bytes = batch.CapacityInBytes;
        while (Interlocked.Read(ref _bytes) is var held && held > 0 && held + bytes > ReadingMemory.MaxStagingBytes)
        {
            await _changed.WaitAsync(cancellationToken);
            if (Array.Find(_lanes, l => l.Writing.IsCompleted) is { } ended)
                await ended.Writing; // throws its error
        }
        Interlocked.Add(ref _bytes, bytes);
        await EnqueueAsync(
            async (sink, ct) =>
            {
                if (await sink.WriteAsync(batch, ct) is { Count: > 0 })
                    throw new InvalidOperationException("A stage must take every row; the engine refuses rows when it copies them.");
                _release(batch);
                Interlocked.Add(ref _bytes, -bytes);
                _changed.Release();
            },
            cancellationToken);
        return [];
    }

    public Task EndObjectAsync(CancellationToken cancellationToken) => EnqueueAsync((sink, ct) => sink.EndObjectAsync(ct), cancellationToken);

    public Task UndoObjectAsync(CancellationToken cancellationToken) => EnqueueAsync((sink, ct) => sink.UndoObjectAsync(ct), cancellationToken);

    /// <summary>Writes what was handed over. Throws the first error of a lane.</summary>
    public async Task CompleteAsync()
    {
        foreach (var lane in _lanes)
            lane.Work.Writer.TryComplete();
        await Task.WhenAll(_lanes.Select(l => l.Writing));
    }

    /// <summary>Stops the lanes and closes their sinks.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
            lane.Work.Writer.TryComplete();
        foreach (var lane in _lanes)
        {
            await lane.Writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await lane.Sink.DisposeAsync();
        }
        _changed.Dispose();
    }

    // The lane with the least to do, from the one after the last on.
    private int FindNext()
        => Enumerable.Range(_current + 1, _lanes.Length).Select(i => i % _lanes.Length).MinBy(i => _lanes[i].Work.Reader.Count + (_lanes[i].IsBusy ? 1 : 0));

    private async Task EnqueueAsync(Func<IRowSink, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        var lane = _lanes[_current];
        while (!lane.Work.Writer.TryWrite(action))
        {
            if (!await lane.Work.Writer.WaitToWriteAsync(cancellationToken))
                await lane.Writing; // throws its error
        }
    }

    private sealed class Lane
    {
        private readonly Action _failed;

        public Lane(IRowSink sink, Action failed, CancellationToken cancellationToken)
        {
            Sink = sink;
            _failed = failed;
            Writing = Task.Run(() => WriteAsync(cancellationToken), CancellationToken.None);
        }

        public IRowSink Sink { get; }

        public Channel<Func<IRowSink, CancellationToken, Task>> Work { get; }
            = Channel.CreateBounded<Func<IRowSink, CancellationToken, Task>>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });

        public Task Writing { get; }

        public bool IsBusy { get; private set; }

        private async Task WriteAsync(CancellationToken cancellationToken)
        {
            try
            {
                await foreach (var action in Work.Reader.ReadAllAsync(cancellationToken))
                {
                    IsBusy = true;
                    await action(Sink, cancellationToken);
                    IsBusy = false;
                }
            }
            catch
            {
                Work.Writer.TryComplete();
                _failed();
                throw;
            }
        }
    }
}
