using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Writes the rows of the objects that one task reads.</summary>
internal sealed class TableStageLane : IRowSink
{
    /// <summary>How many files a lane writes at once; each holds a row group in memory.</summary>
    public const int MaxOpenFiles = 8;

    private readonly TableStage _stage;
    private readonly AuditVectors _audit;
    private readonly PartitionSplit _split;
    private readonly KeyHasher _hasher = new();
    private readonly List<TablePartWriter> _open = []; // the last used one is last
    private readonly HashSet<TablePart> _ofObject = []; // the files that hold rows of the object
    private IReadOnlyList<ParquetField> _fields = [];
    private IReadOnlyList<int> _written = []; // the columns of the batch that the files have
    private int[] _key = [];
    private FeedSchema? _schema;
    private long _ordinal;
    private long _row;
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
            foreach (var rows in _split.Split(columns, batch.Count))
                await WriteAsync(rows, cancellationToken);
            _row += batch.Count;
        }
        _writing = false;
        return [];
    }

    public Task EndObjectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Drops the object's rows, which stay in the files until the load is committed without them.</summary>
    public Task UndoObjectAsync(CancellationToken cancellationToken)
    {
        foreach (var part in _ofObject)
            part.DropObject(_ordinal);
        return Task.CompletedTask;
    }

    /// <summary>Completes the last files, or discards them if a write failed or the load was cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_writing && !_last.IsCancellationRequested)
                await EndFilesAsync(0, _last);
        }
        finally
        {
            foreach (var file in _open)
                await file.DisposeAsync();
            _open.Clear();
        }
    }

    private async Task WriteAsync(PartitionRows rows, CancellationToken cancellationToken)
    {
        var file = await OpenAsync(rows.Partition, cancellationToken);
        await file.File.WriteAsync([.. _written.Select(c => rows.Columns[c])], 0, rows.Count, cancellationToken);
        _stage.Keys?.Add(GetKeys(file.Part, rows));
        rows.AddTo(file.Part, _ordinal, _row);
        _ofObject.Add(file.Part);
        if (file.File.Bytes >= _stage.Options.Files.FileBytes)
            await EndFileAsync(_open.Count - 1, cancellationToken);
    }

    private StagedKey[] GetKeys(TablePart part, PartitionRows rows)
    {
        IReadOnlyList<ColumnVector> key = [.. _key.Select(k => rows.Columns[k])];
        var keys = new StagedKey[rows.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new StagedKey(_hasher.Hash(key, i), _ordinal, _row + rows.RowInBatch(i), part.Number, checked((int)part.Rows + i));
        return keys;
    }

    private async Task<TablePartWriter> OpenAsync(PartitionValues partition, CancellationToken cancellationToken)
    {
        var at = _open.FindIndex(f => ReferenceEquals(f.Part.Partition, partition));
        if (at >= 0)
        {
            var found = _open[at];
            _open.RemoveAt(at);
            _open.Add(found);
            return found;
        }
        if (_open.Count == MaxOpenFiles)
            await EndFileAsync(0, cancellationToken);
        var opened = _stage.CreatePart(_fields, partition);
        _open.Add(opened);
        return opened;
    }

    private async Task UseAsync(FeedSchema schema, CancellationToken cancellationToken)
    {
        await EndFilesAsync(0, cancellationToken);
        _schema = schema;
        IReadOnlyList<FeedColumn> columns = [.. schema.Columns, .. AuditColumn.For(_stage.Options.Spec)];
        _split.Use(columns);
        _written = _split.FindWritten(columns.Count);
        _fields = [.. _written.Select(c => _stage.Options.Fields.GetField(columns[c]))];
        _key = [.. _stage.Options.Spec.Key.Select(k => IndexOf(columns, k))];
    }

    private static int IndexOf(IReadOnlyList<FeedColumn> columns, string name)
        => columns.Index().First(c => string.Equals(c.Item.Name, name, StringComparison.Ordinal)).Index;

    private async Task EndFilesAsync(int kept, CancellationToken cancellationToken)
    {
        while (_open.Count > kept)
            await EndFileAsync(0, cancellationToken);
    }

    private async Task EndFileAsync(int at, CancellationToken cancellationToken)
    {
        var file = _open[at];
        await file.CompleteAsync(cancellationToken);
        _stage.Add(file.Part);
        _open.RemoveAt(at);
        await file.DisposeAsync();
    }
}
