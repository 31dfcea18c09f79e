using PeakS3Feed.Files;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Spooling;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// Stages the typed rows of one load in temporary files of this machine, one for each lane, for a destination that takes rows only within a
/// transaction.
/// <see cref="ReplayAsync"/> then writes them in loading order. Nobody else sees the files, and none outlives the process.
/// </summary>
/// <param name="name">The load's name.</param>
internal sealed class SpoolStage(LoadName name) : IStage
{
    // So that the threshold for rejects stops a load before very many are collected.
    private const int MaxRefusedInOneReplay = 10_000;

    private readonly Lock _lock = new();
    private readonly List<RowSpool> _spools = [];
    private readonly Dictionary<long, HashSet<long>> _removed = []; // the rows of an object, by its ordinal

    public IRowSink OpenLane() => new Lane(this);

    public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => Task.FromResult(Describe());

    /// <summary>
    /// Leaves these rows out of the next replays. Rows that the stage does not have are ignored: the other destination needs their objects.
    /// </summary>
    public async Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
    {
        var wanted = rows.GroupBy(r => r.Ordinal).ToDictionary(g => g.Key, g => g.Select(r => r.Row).ToList());
        foreach (var reader in _spools.Select(s => s.OpenReader()))
        {
            while (await SpoolErrors.TryAsync(() => reader.BeginObjectAsync(cancellationToken)))
            {
                var count = await SpoolErrors.TryAsync(() => reader.SkipAsync(cancellationToken));
                if (!wanted.TryGetValue(reader.Ordinal, out var refused))
                    continue;
                if (!_removed.TryGetValue(reader.Ordinal, out var removed))
                    _removed.Add(reader.Ordinal, removed = []);
                removed.UnionWith(refused.Where(r => r < count));
            }
        }
        return Describe();
    }

    public Task CloseAsync(StageEnd end)
    {
        foreach (var spool in _spools)
            spool.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Writes the rows that were not removed, in loading order.</summary>
    /// <param name="sink">Takes them.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The rows that the sink refused. If there are very many, the replay ends early: remove them and replay again.</returns>
    public async Task<IReadOnlyList<RefusedStagedRow>> ReplayAsync(IRowSink sink, CancellationToken cancellationToken)
    {
        List<RefusedStagedRow> refused = [];
        var next = new PriorityQueue<RowSpoolReader, long>();
        foreach (var spool in _spools)
            await EnqueueAsync(next, spool.OpenReader(), cancellationToken);
        while (refused.Count < MaxRefusedInOneReplay && next.TryDequeue(out var reader, out _))
        {
            await ReplayObjectAsync(reader, sink, refused, cancellationToken);
            await EnqueueAsync(next, reader, cancellationToken);
        }
        return refused;
    }

    private static async Task EnqueueAsync(PriorityQueue<RowSpoolReader, long> next, RowSpoolReader reader, CancellationToken cancellationToken)
    {
        if (await SpoolErrors.TryAsync(() => reader.BeginObjectAsync(cancellationToken)))
            next.Enqueue(reader, reader.Ordinal);
    }

    private async Task ReplayObjectAsync(
        RowSpoolReader reader, IRowSink sink, List<RefusedStagedRow> refused, CancellationToken cancellationToken)
    {
        await sink.BeginObjectAsync(reader.Source, reader.Ordinal, undoable: false, cancellationToken);
        var removed = _removed.GetValueOrDefault(reader.Ordinal);
        long first = 0;
        while (await SpoolErrors.TryAsync(() => reader.ReadAsync(cancellationToken)) is { } batch)
        {
            IReadOnlyList<int>? kept = removed is null ? null : [.. Enumerable.Range(0, batch.Count).Where(i => !removed.Contains(first + i))];
            var rows = kept is null || kept.Count == batch.Count ? batch : VectorBytes.Keep(batch, kept);
            foreach (var row in await sink.WriteAsync(rows, cancellationToken))
                refused.Add(new RefusedStagedRow(reader.Ordinal, first + (kept?[row.Row] ?? row.Row), row.Reason));
            first += batch.Count;
            if (refused.Count >= MaxRefusedInOneReplay)
                return;
        }
        await sink.EndObjectAsync(cancellationToken);
    }

    private RowSpool CreateSpool()
    {
        var spool = new RowSpool(PrivateFiles.CreateTemporary("rows"));
        lock (_lock)
            _spools.Add(spool);
        return spool;
    }

    private StagedLoad Describe()
    {
        var rows = _spools.Sum(s => s.Rows) - _removed.Values.Sum(r => r.Count);
        return new StagedLoad(name, [new StagedPart("", _spools.Sum(s => s.Bytes), "", rows, new FeedSchema([]))]);
    }

    /// <summary>Writes the objects of one task into a file of its own, which it creates once there is an object.</summary>
    private sealed class Lane(SpoolStage stage) : IRowSink
    {
        private RowSpool? _spool;
        private CancellationToken _last;

        public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
            => SpoolErrors.TryAsync(async () =>
            {
                _last = cancellationToken;
                _spool ??= stage.CreateSpool();
                await _spool.BeginObjectAsync(source, ordinal, cancellationToken);
            });

        // Also batches without rows: they can add columns.
        public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
        {
            await SpoolErrors.TryAsync(() => _spool!.WriteAsync(batch, cancellationToken));
            return [];
        }

        public Task EndObjectAsync(CancellationToken cancellationToken)
            => SpoolErrors.TryAsync(() => _spool!.EndObjectAsync(cancellationToken));

        public Task UndoObjectAsync(CancellationToken cancellationToken) => SpoolErrors.TryAsync(() =>
        {
            _spool!.UndoObject();
            return ValueTask.CompletedTask;
        });

        public async ValueTask DisposeAsync()
        {
            if (_spool is { } spool && !_last.IsCancellationRequested)
                await SpoolErrors.TryAsync(() => spool.FlushAsync(_last));
        }
    }
}
