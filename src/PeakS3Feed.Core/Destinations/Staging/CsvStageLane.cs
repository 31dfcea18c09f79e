using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>Writes the rows of the objects that one task reads.</summary>
internal sealed class CsvStageLane(CsvStage stage, NullToken token) : IRowSink
{
    private readonly CsvRowEncoder _encoder = new(token);
    private readonly List<WrittenPart> _undoable = [];
    private CsvPart? _part;
    private FeedSchema? _schema;
    private long _ordinal;
    private long _row;
    private bool _canUndo;
    private bool _writing; // stays set when a write fails
    private CancellationToken _last;

    public async Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
    {
        if (undoable)
            await EndPartAsync(cancellationToken);
        (_ordinal, _row, _canUndo) = (ordinal, 0, undoable);
    }

    public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        (_writing, _last) = (true, cancellationToken);
        if (_schema is not null && _schema.Columns.Count != batch.Schema.Columns.Count)
            await EndPartAsync(cancellationToken);
        for (var at = 0; at < batch.Count;)
        {
            var rows = _encoder.Encode(batch, at, _ordinal, _row);
            _part ??= Begin(batch.Schema);
            await _part.WriteAsync(_encoder.Written, rows, _ordinal, cancellationToken);
            at += rows;
            _row += rows;
            if (stage.IsFull(_part))
                await EndPartAsync(cancellationToken);
        }
        _writing = false;
        return [];
    }

    public async Task EndObjectAsync(CancellationToken cancellationToken)
    {
        if (!_canUndo)
            return;
        await EndPartAsync(cancellationToken);
        _canUndo = false;
        stage.Add(_undoable);
        _undoable.Clear();
    }

    public async Task UndoObjectAsync(CancellationToken cancellationToken)
    {
        await DiscardAsync();
        await stage.DeleteAsync(_undoable, cancellationToken);
        _undoable.Clear();
        _canUndo = false;
    }

    /// <summary>Completes the last file, or discards it if a write failed or the load was cancelled: its upload would only delay the end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_canUndo && !_writing && !_last.IsCancellationRequested)
                await EndPartAsync(_last);
        }
        finally
        {
            await DiscardAsync();
            _encoder.Dispose();
        }
    }

    private CsvPart Begin(FeedSchema schema)
    {
        _schema = schema;
        return stage.CreatePart(schema);
    }

    private async Task EndPartAsync(CancellationToken cancellationToken)
    {
        if (_part is not { } part)
            return;
        var written = await part.CompleteAsync(cancellationToken);
        stage.AddTexts(_encoder.LongestTexts);
        if (_canUndo)
            _undoable.Add(written);
        else
            stage.Add([written]);
        await DiscardAsync();
    }

    private async Task DiscardAsync()
    {
        if (_part is { } part)
            await part.DisposeAsync();
        (_part, _schema) = (null, null);
    }
}
