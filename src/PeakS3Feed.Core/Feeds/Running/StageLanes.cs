using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Writes the objects of a load into the stages of one or two destinations. Several tasks write, and each has one lane of each stage. One task writes
/// all of an object, to the destinations that need it. The caller passes objects in loading order. They may be written in any order, because each
/// staged row has its position in loading order. For one caller at a time.
/// </summary>
internal sealed class StageLanes : IRowSink
{
    private readonly Action<RowBatch> _release;
    private readonly Lane[] _lanes;
    private readonly SemaphoreSlim _changed = new(0); // a batch was written, or a lane has failed
    private readonly CancellationTokenSource _stopping;
    private readonly Lock _lock = new();
    private ExceptionDispatchInfo? _failure; // the first one
    private bool _isComplete;
    private long _bytes;
    private int _current = -1;
    private int _targets = 1;

    /// <summary>Opens the lanes.</summary>
    /// <param name="stages">The stage of each destination; null for one that is not loaded.</param>
    /// <param name="count">How many objects are written at a time.</param>
    /// <param name="release">Receives the batches that are written, on any thread.</param>
    /// <param name="cancellationToken">Ends writing.</param>
    public StageLanes(IReadOnlyList<IStage?> stages, int count, Action<RowBatch> release, CancellationToken cancellationToken)
    {
        _release = release;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _lanes = [.. Enumerable.Range(0, count).Select(_ => new Lane([.. stages.Select(s => s?.OpenLane())], () => _isComplete, Fail, _stopping.Token))];
    }

    /// <summary>Sets the destinations that need the objects from the next one on, as bits.</summary>
    public void SetTargets(int targets) => _targets = targets;

    public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
    {
        _current = FindNext();
        return EnqueueAsync((sink, ct) => sink.BeginObjectAsync(source, ordinal, undoable, ct), cancellationToken);
    }

    /// <summary>
    /// Passes the batch to a lane. Waits first: all lanes together have at most <see cref="ReadingMemory.StagingBytes"/>, or one batch. The
    /// batch belongs to its lane until it is released. A stage refuses no rows here.
    /// </summary>
    public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        var bytes = batch.CapacityInBytes;
        while (Interlocked.Read(ref _bytes) is var held && held > 0 && held + bytes > ReadingMemory.StagingBytes(_lanes.Length))
        {
            await _changed.WaitAsync(cancellationToken);
            _failure?.Throw();
        }
        Interlocked.Add(ref _bytes, bytes);
        await EnqueueAsync(
            async (sink, ct) =>
            {
                if (await sink.WriteAsync(batch, ct) is { Count: > 0 })
                    throw new InvalidOperationException("A stage must take every row; the engine refuses rows when it copies them.");
            },
            cancellationToken,
            written: () =>
            {
                _release(batch);
                Interlocked.Add(ref _bytes, -bytes);
                _changed.Release();
            });
        return [];
    }

    public Task EndObjectAsync(CancellationToken cancellationToken) => EnqueueAsync((sink, ct) => sink.EndObjectAsync(ct), cancellationToken);

    public Task UndoObjectAsync(CancellationToken cancellationToken) => EnqueueAsync((sink, ct) => sink.UndoObjectAsync(ct), cancellationToken);

    /// <summary>Waits until all passed batches are written and all sinks are closed. Throws the first error of a lane.</summary>
    public async Task CompleteAsync()
    {
        _isComplete = true;
        foreach (var lane in _lanes)
            lane.Work.Writer.TryComplete();
        var writing = Task.WhenAll(_lanes.Select(l => l.Writing));
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _failure?.Throw();
        await writing;
    }

    /// <summary>Stops the lanes. Unless they are complete, their sinks discard what they have not passed on: the load fails, or ends early.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var lane in _lanes)
        {
            lane.Work.Writer.TryComplete();
            await lane.Writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await lane.DiscardAsync();
        }
        _stopping.Dispose();
        _changed.Dispose();
    }

    // The other lanes end early, and the load fails with the first error, not with theirs.
    private void Fail(Exception e)
    {
        lock (_lock)
            _failure ??= ExceptionDispatchInfo.Capture(e);
        _stopping.Cancel();
        _changed.Release();
    }

    // Finds the lane with the least work. Among equal lanes, it is the first one after the lane that was used last.
    private int FindNext()
        => Enumerable.Range(_current + 1, _lanes.Length).Select(i => i % _lanes.Length)
            .MinBy(i => _lanes[i].Work.Reader.Count + (_lanes[i].IsBusy ? 1 : 0));

    private async Task EnqueueAsync(Func<IRowSink, CancellationToken, Task> action, CancellationToken cancellationToken, Action? written = null)
    {
        var lane = _lanes[_current];
        var item = new LaneItem(_targets, action, written);
        while (!lane.Work.Writer.TryWrite(item))
        {
            if (!await lane.Work.Writer.WaitToWriteAsync(cancellationToken))
            {
                _failure?.Throw();
                await lane.Writing; // throws its error
            }
        }
    }

    /// <summary>Something to do with the sinks of some destinations.</summary>
    private readonly record struct LaneItem(int Targets, Func<IRowSink, CancellationToken, Task> Action, Action? Written);

    private sealed class Lane
    {
        private readonly List<IRowSink> _open;
        private readonly Func<bool> _isComplete;
        private readonly Action<Exception> _failed;

        public Lane(IReadOnlyList<IRowSink?> sinks, Func<bool> isComplete, Action<Exception> failed, CancellationToken cancellationToken)
        {
            Sinks = sinks;
            _open = [.. sinks.OfType<IRowSink>()];
            _isComplete = isComplete;
            _failed = failed;
            Writing = Task.Run(() => WriteAsync(cancellationToken), CancellationToken.None);
        }

        public IReadOnlyList<IRowSink?> Sinks { get; }

        public Channel<LaneItem> Work { get; }
            = Channel.CreateBounded<LaneItem>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });

        public Task Writing { get; }

        public bool IsBusy { get; private set; }

        private async Task WriteAsync(CancellationToken cancellationToken)
        {
            try
            {
                await foreach (var item in Work.Reader.ReadAllAsync(cancellationToken))
                {
                    IsBusy = true;
                    for (var i = 0; i < Sinks.Count; i++)
                    {
                        if ((item.Targets >> i & 1) == 1 && Sinks[i] is { } sink)
                            await item.Action(sink, cancellationToken);
                    }
                    item.Written?.Invoke();
                    IsBusy = false;
                }
                // A sink may have much to write at its end, so each lane does it in its own task.
                while (_isComplete() && _open.Count > 0)
                    await TakeSink().DisposeAsync();
            }
            catch (Exception e)
            {
                Work.Writer.TryComplete();
                _failed(e);
                throw;
            }
        }

        /// <summary>Closes the sinks that are still open. What fails here is not reported, because the load has failed already.</summary>
        public async Task DiscardAsync()
        {
            while (_open.Count > 0)
                await TakeSink().DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private IRowSink TakeSink()
        {
            var sink = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            return sink;
        }
    }
}
