using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Writes the rows of the objects that one task reads. Files of a few partitions are open at a time. Rows of others wait, so that each partition gets
/// few files, in whatever order its rows come.
/// </summary>
internal sealed class TableStageLane : IRowSink
{
    /// <summary>How many files a lane writes at once; each holds a row group in memory.</summary>
    public const int MaxOpenFiles = 8;

    // A file without rows in so many batches makes room for that of a new partition: files are often sorted by date.
    private const int MaxIdleBatches = 16;

    private readonly TableStage _stage;
    private readonly AuditVectors _audit;
    private readonly PartitionSplit _split;
    private readonly KeyHasher _hasher = new();
    private readonly List<TablePartWriter> _open = []; // the last used one is last
    private readonly HashSet<PartitionValues> _idle = new(ReferenceEqualityComparer.Instance); // whose file made room for another
    private readonly Dictionary<TablePart, long> _ofObject = []; // the files with rows of the object, and the first of these rows
    private IReadOnlyList<ParquetField> _fields = [];
    private IReadOnlyList<int> _written = []; // the columns of the batch that the files have
    private int[] _key = [];
    private FeedSchema? _schema;
    private WaitingRows? _waiting;
    private long _ordinal;
    private long _row;
    private long _batch;
    private bool _writing; // stays set when a write fails
    private CancellationToken _last;

    public TableStageLane(TableStage stage)
    {
        _stage = stage;
        _audit = new AuditVectors(stage.Options.Spec, stage.Options.Stamp);
        _split = new PartitionSplit(stage.Options.Spec.PartitionBy, stage.Target);
    }

    public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
    {
        (_ordinal, _row) = (ordinal, 0);
        _audit.Begin(source.Uri);
        _ofObject.Clear();
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        (_writing, _last) = (true, cancellationToken);
        if (_schema is null || _schema.Columns.Count != batch.Schema.Columns.Count)
            await UseAsync(batch.Schema, cancellationToken);
        if (batch.Count > 0)
        {
            List<ColumnVector> columns = [.. batch.Columns, .. _audit.Get(batch.Count)];
            foreach (var rows in _split.Split(columns, batch.Count, new RowOrigin(_ordinal, _row)))
                await WriteAsync(rows, cancellationToken);
            _row += batch.Count;
            _batch++;
            if (_waiting?.Bytes >= _stage.Options.Waiting.TotalBytes / _stage.Lanes)
                await WriteWaitingAsync(cancellationToken);
        }
        _writing = false;
        return [];
    }

    public Task EndObjectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Drops the object's rows, which stay in the files until the load is committed without them.</summary>
    public Task UndoObjectAsync(CancellationToken cancellationToken)
    {
        foreach (var (part, first) in _ofObject)
            part.DropFrom(first);
        _waiting?.DropObject(_ordinal);
        return Task.CompletedTask;
    }

    /// <summary>Completes the last files, or discards them if a write failed or the load was cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_writing && !_last.IsCancellationRequested)
                await EndFilesAsync(_last);
        }
        finally
        {
            _waiting?.Dispose();
            _waiting = null;
            await DiscardAsync();
        }
    }

    // Discards each open file, also if another one fails.
    private async Task DiscardAsync()
    {
        if (_open.Count == 0)
            return;
        var file = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        try
        {
            await file.DisposeAsync();
        }
        finally
        {
            await DiscardAsync();
        }
    }

    private async Task WriteAsync(PartitionRows rows, CancellationToken cancellationToken)
    {
        if (await FindFileAsync(rows.Partition, cancellationToken) is not { } file)
        {
            _waiting!.Add(rows);
            return;
        }
        await WriteAsync(file, rows, cancellationToken);
        if (file.File.Bytes >= _stage.Options.Files.FileBytes)
            await EndFileAsync(file, cancellationToken);
    }

    private async Task WriteAsync(TablePartWriter file, PartitionRows rows, CancellationToken cancellationToken)
    {
        var part = file.Part;
        await file.File.WriteAsync([.. _written.Select(c => rows.Columns[c])], 0, rows.Count, cancellationToken);
        _stage.Keys?.Add(GetKeys(part, rows));
        if (!_ofObject.ContainsKey(part) && FindOfObject(rows) is >= 0 and var first)
            _ofObject.Add(part, part.Rows + first);
        rows.AddTo(part);
        file.LastBatch = _batch;
    }

    // The first of the rows that is of the current object, and with it all that follow. Rows that waited may be of earlier ones.
    private int FindOfObject(PartitionRows rows)
        => rows.Origins is { } origins ? Array.FindIndex(origins, o => o.Ordinal == _ordinal) : rows.First.Ordinal == _ordinal ? 0 : -1;

    private StagedKey[] GetKeys(TablePart part, PartitionRows rows)
    {
        IReadOnlyList<ColumnVector> key = [.. _key.Select(k => rows.Columns[k])];
        var keys = new StagedKey[rows.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var (ordinal, row) = rows.OriginOf(i);
            keys[i] = new StagedKey(_hasher.Hash(key, i), ordinal, row, part.Number, checked((int)part.Rows + i));
        }
        return keys;
    }

    // Returns the open file of a partition; null if its rows have to wait.
    private async Task<TablePartWriter?> FindFileAsync(PartitionValues partition, CancellationToken cancellationToken)
    {
        var at = _open.FindIndex(f => ReferenceEquals(f.Part.Partition, partition));
        if (at >= 0)
        {
            var found = _open[at];
            _open.RemoveAt(at);
            _open.Add(found);
            return found;
        }
        if (_waiting?.Has(partition) == true || _idle.Contains(partition))
            return null;
        if (_open.Count == MaxOpenFiles)
        {
            if (_open[0].LastBatch + MaxIdleBatches >= _batch)
                return null;
            _idle.Add(_open[0].Part.Partition);
            await EndFileAsync(_open[0], cancellationToken);
        }
        var opened = _stage.CreatePart(_fields, partition);
        _open.Add(opened);
        return opened;
    }

    private async Task UseAsync(FeedSchema schema, CancellationToken cancellationToken)
    {
        await EndFilesAsync(cancellationToken);
        _schema = schema;
        IReadOnlyList<FeedColumn> columns = [.. schema.Columns, .. AuditColumn.For(_stage.Options.Spec)];
        _split.Use(columns);
        _written = _split.FindWritten(columns.Count);
        _fields = [.. _written.Select(c => _stage.Options.Fields.GetField(columns[c]))];
        _key = [.. _stage.Options.Spec.Key.Select(k => IndexOf(columns, k))];
        _waiting = CreateWaiting(columns);
    }

    private WaitingRows CreateWaiting(IReadOnlyList<FeedColumn> columns) => new(columns, _stage.Options.Waiting.MemoryBytes / _stage.Lanes);

    private static int IndexOf(IReadOnlyList<FeedColumn> columns, string name)
        => columns.Index().First(c => string.Equals(c.Item.Name, name, StringComparison.Ordinal)).Index;

    private async Task EndFilesAsync(CancellationToken cancellationToken)
    {
        while (_open.Count > 0)
            await EndFileAsync(_open[0], cancellationToken);
        if (_waiting is not null)
            await WriteWaitingAsync(cancellationToken);
    }

    private async Task EndFileAsync(TablePartWriter file, CancellationToken cancellationToken)
    {
        await file.CompleteAsync(cancellationToken);
        _stage.Add(file.Part);
        _open.Remove(file);
        await file.DisposeAsync();
    }

    // One file at a time, and for each partition as few as hold its rows.
    private async Task WriteWaitingAsync(CancellationToken cancellationToken)
    {
        using var waiting = _waiting!;
        _waiting = null;
        foreach (var partition in waiting.Partitions)
        {
            TablePartWriter? file = null;
            foreach (var rows in waiting.Read(partition))
            {
                if (file is null)
                    _open.Add(file = _stage.CreatePart(_fields, partition));
                await WriteAsync(file, rows, cancellationToken);
                if (file.File.Bytes >= _stage.Options.Files.FileBytes)
                {
                    await EndFileAsync(file, cancellationToken);
                    file = null;
                }
            }
            if (file is not null)
                await EndFileAsync(file, cancellationToken);
        }
        _waiting = CreateWaiting(waiting.Columns);
    }
}
