using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Writes rows through one prepared statement; values go from the batch's bytes to SQLite without a string between.</summary>
internal sealed class SqliteRowWriter : IRowWriter
{
    private const string Savepoint = "peaks3feed_object";
    private const int RowsBetweenLooks = 1024;
    private readonly SqliteFile _file;
    private readonly SqliteDialect _dialect;
    private readonly LoadTarget _target;
    private readonly LoadSpec _spec;
    private readonly IReadOnlyList<FeedColumn> _audit;
    private readonly byte[] _stampText;
    private readonly byte[] _runId;
    private byte[] _fileName = [];
    private FeedSchema _schema;
    private FeedSchema _schemaBeforeObject;
    private sqlite3_stmt? _statement;
    private long _taken;
    private long _takenBeforeObject;
    private bool _undoable;

    public SqliteRowWriter(SqliteFile file, SqliteDialect dialect, LoadTarget target, LoadSpec spec, LoadStamp stamp)
    {
        _file = file;
        _dialect = dialect;
        _target = target;
        _spec = spec;
        _schema = _schemaBeforeObject = spec.Schema;
        _audit = AuditColumn.For(spec);
        _runId = System.Text.Encoding.ASCII.GetBytes(stamp.RunId.ToString("D"));
        Span<byte> text = stackalloc byte[SqliteText.MaxBytes];
        _stampText = text[..SqliteText.Timestamp((stamp.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, zoned: true, text)].ToArray();
    }

    public Task BeginObjectAsync(SourceObject source, bool undoable, CancellationToken cancellationToken)
    {
        _fileName = System.Text.Encoding.UTF8.GetBytes(source.Uri);
        _undoable = undoable;
        if (undoable)
        {
            (_takenBeforeObject, _schemaBeforeObject) = (_taken, _schema);
            _file.Execute($"SAVEPOINT {Savepoint}");
        }
        return Task.CompletedTask;
    }

    public Task WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Schema.Columns.Count > _schema.Columns.Count)
            AddColumns(batch.Schema);
        _statement ??= Prepare();
        for (var row = 0; row < batch.Count; row++)
        {
            if (row % RowsBetweenLooks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            WriteRow(_statement, batch, row);
        }
        return Task.CompletedTask;
    }

    public Task EndObjectAsync(CancellationToken cancellationToken)
    {
        if (_undoable)
            _file.Execute($"RELEASE {Savepoint}");
        _undoable = false;
        return Task.CompletedTask;
    }

    public Task UndoObjectAsync(CancellationToken cancellationToken)
    {
        if (!_undoable)
            throw new InvalidOperationException("The object was not begun as one that can be undone.");
        Finish(); // its columns may go
        _file.Execute($"ROLLBACK TO {Savepoint}");
        _file.Execute($"RELEASE {Savepoint}");
        (_taken, _schema) = (_takenBeforeObject, _schemaBeforeObject);
        _undoable = false;
        return Task.CompletedTask;
    }

    public Task<long> CompleteAsync(CancellationToken cancellationToken) => Task.FromResult(_taken);

    public ValueTask DisposeAsync()
    {
        Finish();
        return ValueTask.CompletedTask;
    }

    private void WriteRow(sqlite3_stmt statement, RowBatch batch, int row)
    {
        var index = 0;
        foreach (var column in batch.Columns)
            Bind(statement, ++index, column, row);
        if (_audit.Count > 0)
        {
            _file.Check(raw.sqlite3_bind_text(statement, ++index, _stampText));
            _file.Check(raw.sqlite3_bind_text(statement, ++index, _fileName));
            _file.Check(raw.sqlite3_bind_text(statement, ++index, _runId));
            if (_audit.Count == 4)
                _file.Check(raw.sqlite3_bind_text(statement, ++index, _stampText));
        }
        _file.Check(raw.sqlite3_step(statement));
        _taken += raw.sqlite3_changes(_file.Handle); // 0 where a trigger swallowed the row
        _file.Check(raw.sqlite3_reset(statement));
    }

    private void Bind(sqlite3_stmt statement, int index, ColumnVector vector, int row)
    {
        Span<byte> text = stackalloc byte[SqliteText.MaxBytes];
        _file.Check(vector.IsNull(row)
            ? raw.sqlite3_bind_null(statement, index)
            : vector.Column.Type switch
            {
                ColumnType.Text or ColumnType.Json => BindText(statement, index, ((Utf8Vector)vector)[row]),
                ColumnType.Boolean => raw.sqlite3_bind_int64(statement, index, ((FixedVector<bool>)vector)[row] ? 1 : 0),
                ColumnType.BigInt => raw.sqlite3_bind_int64(statement, index, ((FixedVector<long>)vector)[row]),
                ColumnType.Double => raw.sqlite3_bind_double(statement, index, ((FixedVector<double>)vector)[row]),
                ColumnType.Decimal => raw.sqlite3_bind_text(
                    statement, index, text[..SqliteText.Decimal(((FixedVector<Int128>)vector)[row], vector.Column.Scale, text)]),
                ColumnType.Date => raw.sqlite3_bind_text(statement, index, text[..SqliteText.Date(((FixedVector<int>)vector)[row], text)]),
                ColumnType.Timestamp or ColumnType.TimestampTz => raw.sqlite3_bind_text(
                    statement, index,
                    text[..SqliteText.Timestamp(((FixedVector<long>)vector)[row], vector.Column.Type == ColumnType.TimestampTz, text)]),
                _ => throw new ArgumentOutOfRangeException(nameof(vector), vector.Column.Type, null),
            });
    }

    // An empty span has no address, and SQLite takes no address for NULL.
    private static int BindText(sqlite3_stmt statement, int index, ReadOnlySpan<byte> utf8)
        => utf8.IsEmpty ? raw.sqlite3_bind_text(statement, index, "") : raw.sqlite3_bind_text(statement, index, utf8);

    private void AddColumns(FeedSchema grown)
    {
        Finish();
        var existing = new SqliteTable(_file).Inspect(_target).Columns.Select(c => c.Name).ToHashSet(_dialect.NameComparer);
        foreach (var column in grown.Columns.Skip(_schema.Columns.Count).Where(c => !existing.Contains(c.Name)))
        {
            foreach (var statement in _dialect.Statements(_target.Table, new AddColumn(column)))
                _file.Execute(statement);
        }
        _schema = grown;
    }

    private sqlite3_stmt Prepare()
    {
        var sql = new SqliteStatements(_dialect, _target, _spec).Insert(_schema);
        _file.Check(raw.sqlite3_prepare_v3(_file.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return statement;
    }

    private void Finish()
    {
        _statement?.Dispose();
        _statement = null;
    }
}
