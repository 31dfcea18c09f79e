using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows.Cells;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Rows;

/// <summary>
/// Converts the rows of files, one file after the other, to batches of typed columns. A row with a value that does not match its column is a reject.
/// A new field becomes a new column, if the options say so. Not thread-safe. Reading throws with id <c>NewField</c>, <c>NoKnownField</c> or
/// <c>TooManyColumns</c>, and what the reader throws.
/// </summary>
public sealed partial class RowAssembler
{
    private const int MinRowsAtOnce = 8;
    private const int MaxRowsAtOnce = 4096;

    // 256 Ki cells of at most 16 bytes. Batches of tables with more than 16 columns have fewer rows, so that memory does not grow with the width.
    private const int MaxBatchCells = 256 * 1024;
    private const int MinBatchRows = 64;

    private readonly RowAssemblerOptions _options;
    private readonly NewColumns _newColumns;
    private readonly ParallelColumns _columns = new();
    private readonly List<int> _newFields = [];
    private readonly WarningList _warnings = new();
    private CellWriter[] _writers = [];
    private RecordReader? _reader;
    private FieldBinding? _binding;
    private FeedSchema _schemaBefore;
    private bool _fileHasRows;
    private bool _headersChecked;

    // The next row is a reject. Read singly, it gives the reason.
    private bool _readsSingly;
    private int _rowsAtOnce = MaxRowsAtOnce;
    private int _maxRows;

    /// <summary>Creates an assembler.</summary>
    public RowAssembler(FeedSchema schema, RowAssemblerOptions options)
    {
        _options = options;
        _newColumns = new NewColumns(options);
        Schema = _schemaBefore = schema;
        UseSchema(schema);
    }

    /// <summary>The schema, with the new fields of all batches so far.</summary>
    public FeedSchema Schema { get; private set; }

    // The first row of a file binds its fields. Fields without a column are collected row by row.
    private bool CanReadBlocks => !_options.KeepPositions && !_readsSingly && _newFields.Count == 0 && _newColumns.IsEmpty
        && _binding?.FieldsSeen == _reader!.Fields.Count;

    /// <summary>
    /// Reads until the batch is full, the file ends or <paramref name="maxRejects"/> rows are rejected. Must not be called again for a reader after
    /// its end.
    /// </summary>
    /// <param name="reader">The reader of the file; the same one until its end.</param>
    /// <param name="source">The object that the reader reads.</param>
    /// <param name="reuse">A batch that is no longer in use. It is refilled if it has the current schema.</param>
    /// <param name="maxRejects">The number of rejects of this batch after which the method returns; at least 1.</param>
    /// <param name="cancellationToken">Cancels waiting for data.</param>
    public async ValueTask<AssembledBatch> ReadAsync(
        RecordReader reader, SourceObject source, RowBatch? reuse, long maxRejects, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var batch = Begin(reader, reuse);
        var rejects = new RejectList(source.Uri, _options.KeepRawText);
        var most = Math.Clamp(maxRejects, 1, _maxRows);
        var bytes = 0L;
        while (batch.Count < _maxRows && bytes < _options.MaxBatchTextBytes
            && rejects.Items.Count < most && rejects.TextBytes < _options.MaxBatchTextBytes)
        {
            if (CanReadBlocks && reader.Ahead() is { } block)
            {
                bytes += AppendBlock(batch, block, bytes);
                continue;
            }

            _readsSingly = false;
            switch (reader.Read())
            {
                case ReadResult.NeedsData:
                    await reader.FillAsync(cancellationToken);
                    break;
                case ReadResult.Malformed:
                    rejects.Add(reader.Current, reader.MalformedReason, reader.MalformedField);
                    break;
                case ReadResult.Row:
                    bytes += reader.Current.RawRange.Length;
                    AppendRow(batch, source, rejects);
                    break;
                default:
                    // A header without rows can also be the header of a wrong file.
                    if (_fileHasRows || !reader.FieldsGrow)
                        RequireKnownField(reader.FieldsGrow ? new SourcePosition(source.Uri) : GetFieldsPosition(source));
                    return Finish(batch, rejects, source, endOfFile: true);
            }
        }

        return Finish(batch, rejects, source, endOfFile: false);
    }

    private RowBatch Begin(RecordReader reader, RowBatch? reuse)
    {
        if (!ReferenceEquals(reader, _reader))
        {
            _reader = reader;
            _binding = null;
            _schemaBefore = Schema;
            _fileHasRows = false;
            _headersChecked = false;
            _readsSingly = false;
            _newColumns.Forget();
        }

        var batch = reuse is not null && ReferenceEquals(reuse.Schema, Schema) ? reuse : new RowBatch(Schema, _maxRows);
        batch.Clear();
        for (var column = 0; column < _writers.Length; column++)
            _writers[column].Bind(batch.Columns[column]);
        return batch;
    }

    /// <summary>
    /// Appends rows of a block, column by column, up to the first row with a value that does not match its column. Returns the size of the appended
    /// rows in bytes.
    /// </summary>
    private long AppendBlock(RowBatch batch, RowBlock block, long bytesBefore)
    {
        var from = block.First;
        var (to, bytes) = CountRows(batch, block, bytesBefore);
        var end = _columns.Append(_writers, _binding!, block, from, to);
        batch.CompleteRows(end - from);
        _fileHasRows |= end > from;
        _readsSingly = end < to;
        if (end == to)
        {
            _rowsAtOnce = Math.Min(MaxRowsAtOnce, _rowsAtOnce * 2);
        }
        else
        {
            // Columns were filled after that row in vain. Where there is one such value, there may be more.
            batch.AbandonRow();
            _rowsAtOnce = MinRowsAtOnce;
            bytes = 0;
            for (var row = from; row < end; row++)
                bytes += block.LengthOf(row);
        }

        _reader!.Take(end - from);
        return bytes;
    }

    private (int To, long Bytes) CountRows(RowBatch batch, RowBlock block, long bytesBefore)
    {
        var last = Math.Min(block.End, block.First + Math.Min(_rowsAtOnce, _maxRows - batch.Count));
        var bytes = 0L;
        var to = block.First;
        while (to < last && bytesBefore + bytes < _options.MaxBatchTextBytes)
            bytes += block.LengthOf(to++);
        return (to, bytes);
    }

    private void AppendRow(RowBatch batch, SourceObject source, RejectList rejects)
    {
        var record = _reader!.Current;
        if (_binding is null || _binding.FieldsSeen < _reader.Fields.Count)
            Bind(GetFieldsPosition(source));
        var fields = _binding!.FieldOfColumn;
        for (var column = 0; column < _writers.Length; column++)
        {
            var field = fields[column];
            var reason = (uint)field < (uint)record.Count
                ? _writers[column].Append(record.Value(field), record.Kind(field))
                : _writers[column].Append([], FieldKind.Missing);
            if (reason is null)
                continue;
            batch.AbandonRow();
            rejects.Add(record, reason, Schema.Columns[column].Field);
            return;
        }

        if (_newFields.Count > 0)
            AddNewFields(batch, record, source);
        if (_newColumns.Append(record, batch.Count, out var newField) is { } newReason)
        {
            batch.AbandonRow();
            rejects.Add(record, newReason, newField);
            return;
        }

        batch.CompleteRow();
        if (_options.KeepPositions)
            batch.Positions.Add((record.Line, record.ByteOffset));
        _fileHasRows = true;
    }

    private AssembledBatch Finish(RowBatch batch, RejectList rejects, SourceObject source, bool endOfFile)
    {
        var read = batch.Count + (long)rejects.Items.Count;
        var added = _newColumns.TakeReady(endOfFile && _fileHasRows, batch.Count);
        if (added.Count > 0)
        {
            WarnOfSimilarFields(added.Select(c => c.Column), source.Uri);
            var schema = Schema.With(added.Select(c => c.Column));
            batch = batch.With(schema, [.. batch.Columns, .. added]);
            UseSchema(schema);
        }

        _warnings.AddRange(_reader!.TakeWarnings());
        return new AssembledBatch(batch, rejects.Items, read, endOfFile)
        {
            Warnings = _warnings.Take(),
            FileHas = endOfFile && _fileHasRows ? FindFileHas() : null,
        };
    }

    private void UseSchema(FeedSchema schema)
    {
        // The fields must be bound again: columns that were just added are now known.
        _binding = null;
        Schema = schema;
        _maxRows = Math.Min(_options.MaxBatchRows, Math.Max(MinBatchRows, MaxBatchCells / Math.Max(1, schema.Columns.Count)));
        var keys = _options.KeyColumns;
        _writers = [.. schema.Columns.Select(c => CellWriter.Create(
            c, keys.Contains(c.Name, StringComparer.Ordinal), _options.Limits, _options.ValueFormats, _options.KeepRawText))];
    }
}
