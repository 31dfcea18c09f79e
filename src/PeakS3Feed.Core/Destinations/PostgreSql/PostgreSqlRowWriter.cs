using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Writes rows through raw binary COPY. One COPY goes on across objects; it ends where a column has to be added,
/// where an object must be undoable (a savepoint stands before it), and at the end.
/// </summary>
internal sealed class PostgreSqlRowWriter : IRowWriter
{
    private const int FlushBytes = 128 * 1024;
    private const string Savepoint = "peaks3feed_object";
    private const int AbortMilliseconds = 1000; // a server that does not answer loses the connection, and with it the transaction

    private readonly NpgsqlConnection _connection;
    private readonly SqlLedger _ledger;
    private readonly SqlDialect _dialect;
    private readonly LoadTarget _target;
    private readonly PgBuffer _buffer = new();
    private readonly PostgreSqlStatements _statements;
    private readonly bool _staged;
    private readonly byte[] _runId;
    private readonly long _stampMicroseconds;
    private readonly IReadOnlyList<FeedColumn> _audit;
    private byte[] _fileName = [];
    private FeedSchema _schema;
    private FeedSchema _schemaBeforeObject;
    private NpgsqlRawCopyStream? _copy;
    private string _countSource = "";
    private long _countBefore;
    private long _taken;
    private long _takenBeforeObject;
    private long _order;
    private long _sent;
    private bool _undoable;

    public PostgreSqlRowWriter(NpgsqlConnection connection, SqlLedger ledger, SqlDialect dialect, LoadTarget target, LoadSpec spec, LoadStamp stamp,
        PostgreSqlStatements statements)
    {
        _connection = connection;
        _ledger = ledger;
        _dialect = dialect;
        _target = target;
        _schema = _schemaBeforeObject = spec.Schema;
        _statements = statements;
        _staged = statements.IsStaged;
        _audit = AuditColumn.For(spec);
        _runId = System.Text.Encoding.ASCII.GetBytes(stamp.RunId.ToString("D"));
        _stampMicroseconds = (stamp.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Makes what the rows are written to.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_staged)
            await _ledger.ExecuteAsync(_statements.CreateStage(_schema), cancellationToken);
        _countSource = await CountSourceAsync(cancellationToken);
    }

    public async Task BeginObjectAsync(SourceObject source, bool undoable, CancellationToken cancellationToken)
    {
        _fileName = System.Text.Encoding.UTF8.GetBytes(source.Uri);
        _undoable = undoable;
        if (!undoable)
            return;
        await EndCopyAsync(cancellationToken);
        (_takenBeforeObject, _schemaBeforeObject) = (_taken, _schema);
        await _ledger.ExecuteAsync($"SAVEPOINT {Savepoint}", cancellationToken);
    }

    public async Task WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Schema.Columns.Count > _schema.Columns.Count)
            await AddColumnsAsync(batch.Schema, cancellationToken);
        if (batch.Count == 0)
            return;
        if (_copy is null)
            await BeginCopyAsync(cancellationToken);
        for (var row = 0; row < batch.Count; row++)
        {
            EncodeRow(batch, row);
            if (_buffer.Length >= FlushBytes)
                await FlushAsync(cancellationToken);
        }
    }

    public async Task EndObjectAsync(CancellationToken cancellationToken)
    {
        if (!_undoable)
            return;
        await EndCopyAsync(cancellationToken);
        await _ledger.ExecuteAsync($"RELEASE SAVEPOINT {Savepoint}", cancellationToken);
        _undoable = false;
    }

    public async Task UndoObjectAsync(CancellationToken cancellationToken)
    {
        if (!_undoable)
            throw new InvalidOperationException("The object was not begun as one that can be undone.");
        await AbortCopyAsync();
        await _ledger.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}; RELEASE SAVEPOINT {Savepoint}", cancellationToken);
        (_taken, _schema) = (_takenBeforeObject, _schemaBeforeObject);
        _undoable = false;
    }

    public async Task<long> CompleteAsync(CancellationToken cancellationToken)
    {
        await EndCopyAsync(cancellationToken);
        return _taken;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await AbortCopyAsync();
        }
        catch (Exception)
        {
            // The connection is gone and the transaction with it; what was thrown before says why.
        }
        _buffer.Dispose();
    }

    private void EncodeRow(RowBatch batch, int row)
    {
        var columns = batch.Columns;
        _buffer.Int16((short)(columns.Length + _audit.Count + (_staged ? 1 : 0)));
        foreach (var column in columns)
            PgEncoder.Field(_buffer, column, row);
        if (_audit.Count > 0)
        {
            PgEncoder.Timestamp(_buffer, _stampMicroseconds);
            PgEncoder.Text(_buffer, _fileName);
            PgEncoder.Text(_buffer, _runId);
            if (_audit.Count == 4)
                PgEncoder.Timestamp(_buffer, _stampMicroseconds);
        }
        if (_staged)
        {
            _buffer.Int32(8);
            _buffer.Int64(_order++);
        }
        _sent++;
    }

    private async Task AddColumnsAsync(FeedSchema grown, CancellationToken cancellationToken)
    {
        await EndCopyAsync(cancellationToken);
        foreach (var column in grown.Columns.Skip(_schema.Columns.Count))
        {
            foreach (var statement in _dialect.Statements(_target.Table, new AddColumn(column)))
                await _ledger.ExecuteAsync(statement, cancellationToken);
            if (_staged)
                await _ledger.ExecuteAsync(_statements.AddStageColumn(column), cancellationToken);
        }
        _schema = grown;
    }

    private async Task BeginCopyAsync(CancellationToken cancellationToken)
    {
        _countBefore = await CountAsync(cancellationToken);
        _copy = await _connection.BeginRawBinaryCopyAsync(_statements.Copy(_schema), cancellationToken);
        _sent = 0;
        _buffer.Clear();
        _buffer.Bytes(PgEncoder.Header);
    }

    private async Task EndCopyAsync(CancellationToken cancellationToken)
    {
        if (_copy is not { } copy)
            return;
        _buffer.Int16(-1); // the trailer
        await FlushAsync(cancellationToken);
        _copy = null;
        await copy.DisposeAsync(); // completes the COPY
        _taken += _countSource.Length == 0 ? _sent : await CountAsync(cancellationToken) - _countBefore;
    }

    private async Task AbortCopyAsync()
    {
        _buffer.Clear();
        if (_copy is not { } copy)
            return;
        _copy = null;
        copy.WriteTimeout = copy.ReadTimeout = AbortMilliseconds;
        await copy.CancelAsync();
        await copy.DisposeAsync();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _copy!.WriteAsync(_buffer.Written, cancellationToken);
        _buffer.Clear();
    }

    /// <summary>
    /// The driver does not tell how many rows a raw COPY took, so the session's own counter of inserted tuples is asked, which also
    /// sees rows that a trigger swallowed. It does not count for partitioned tables or with track_counts off: empty then.
    /// </summary>
    private async Task<string> CountSourceAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT (relkind = 'r' AND current_setting('track_counts')::boolean)::text FROM pg_class WHERE oid = $1::regclass", _connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _statements.CopyTarget });
        return await command.ExecuteScalarAsync(cancellationToken) is "true"
            ? $"SELECT pg_stat_get_xact_tuples_inserted('{_statements.CopyTarget.Replace("'", "''", StringComparison.Ordinal)}'::regclass)"
            : "";
    }

    private async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        if (_countSource.Length == 0)
            return 0;
        await using var command = new NpgsqlCommand(_countSource, _connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
