using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Writes rows through one prepared statement; values go from the batch's bytes to SQLite without a string between.</summary>
internal sealed class SqliteRowWriter : SqlRowWriter
{
    private const int RowsBetweenLooks = 1024;
    private readonly SqliteFile _file;
    private readonly SqliteTable _table;
    private readonly SqliteStatements _statements;
    private readonly byte[] _stampText;
    private sqlite3_stmt? _statement;

    public SqliteRowWriter(SqliteFile file, SqliteTable table, SqlLoad load, SqliteStatements statements)
        : base(load)
    {
        _file = file;
        _table = table;
        _statements = statements;
        Span<byte> text = stackalloc byte[SqliteText.MaxBytes];
        _stampText = text[..SqliteText.Timestamp(StampMicroseconds, zoned: true, text)].ToArray();
    }

    public override ValueTask DisposeAsync()
    {
        Finish();
        return ValueTask.CompletedTask;
    }

    protected override Task WriteRowsAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        _statement ??= Prepare();
        for (var row = 0; row < batch.Count; row++)
        {
            if (row % RowsBetweenLooks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            WriteRow(_statement, batch, row);
        }
        return Task.CompletedTask;
    }

    protected override Task EndRowsAsync(CancellationToken cancellationToken)
    {
        Finish();
        return Task.CompletedTask;
    }

    protected override Task AbortRowsAsync()
    {
        Finish();
        return Task.CompletedTask;
    }

    // SQLite's ADD COLUMN has no IF NOT EXISTS.
    protected override async Task AddColumnsAsync(IEnumerable<FeedColumn> columns, CancellationToken cancellationToken)
    {
        var table = await _table.InspectAsync(Load.Target, cancellationToken);
        var existing = table.Columns.Select(c => c.Name).ToHashSet(Load.Dialect.NameComparer);
        await base.AddColumnsAsync(columns.Where(c => !existing.Contains(c.Name)), cancellationToken);
    }

    private void WriteRow(sqlite3_stmt statement, RowBatch batch, int row)
    {
        var index = 0;
        foreach (var column in batch.Columns)
            Bind(statement, ++index, column, row);
        if (Audit > 0)
        {
            _file.Check(raw.sqlite3_bind_text(statement, ++index, _stampText));
            _file.Check(raw.sqlite3_bind_text(statement, ++index, FileName));
            _file.Check(raw.sqlite3_bind_text(statement, ++index, RunId));
            if (Audit == 4)
                _file.Check(raw.sqlite3_bind_text(statement, ++index, _stampText));
        }
        _file.Check(raw.sqlite3_step(statement));
        Taken += raw.sqlite3_changes(_file.Handle); // 0 where a trigger swallowed the row
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

    private sqlite3_stmt Prepare()
    {
        _file.Check(raw.sqlite3_prepare_v3(_file.Handle, _statements.Insert(Schema), raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return statement;
    }

    private void Finish()
    {
        _statement?.Dispose();
        _statement = null;
    }
}
