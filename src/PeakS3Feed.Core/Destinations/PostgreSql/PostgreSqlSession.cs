using System.Buffers.Binary;
using System.Data;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>One connection to PostgreSQL for one feed and table.</summary>
internal sealed class PostgreSqlSession : IRowSession
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);
    private readonly NpgsqlConnection _connection;
    private readonly string _schema;
    private readonly LoadTarget _target;
    private readonly PostgreSqlTimings _timings;
    private readonly SqlCommands _commands;
    private readonly SqlLedger _ledger;
    private readonly PostgreSqlTable _table;
    private readonly PostgreSqlDialect _dialect;
    private readonly bool _addsAuditColumnsLate;

    /// <param name="connection">The connection.</param>
    /// <param name="schema">The schema of the table.</param>
    /// <param name="target">The feed and the table.</param>
    /// <param name="timings">How long the session waits.</param>
    /// <param name="addsAuditColumnsLate">
    /// Whether a new table may get its audit columns after its rows. False where subscribers decode the server's log (wal_level = logical): they see
    /// rows as they were written, without columns that come later.
    /// </param>
    public PostgreSqlSession(NpgsqlConnection connection, string schema, LoadTarget target, PostgreSqlTimings timings, bool addsAuditColumnsLate)
    {
        _addsAuditColumnsLate = addsAuditColumnsLate;
        _connection = connection;
        _schema = schema;
        _target = target;
        _timings = timings;
        _dialect = new PostgreSqlDialect(schema);
        _table = new PostgreSqlTable(connection, schema, _dialect);
        _commands = new SqlCommands(connection, _dialect, target);
        _ledger = new SqlLedger(_commands, _table.ExistsAsync);
    }

    public IColumnTypes Types => _dialect;

    public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec) => new PostgreSqlStatements(_dialect, _target, spec).All(fit);

    public async Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken)
    {
        await using var moment = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
        string bucket, string from, LedgerTakeover? takeover, CancellationToken cancellationToken)
        => _ledger.ReadEntriesAsync(bucket, from, takeover, cancellationToken);

    public IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, CancellationToken cancellationToken)
        => _ledger.ReadLoadedFilesAsync(bucket, cancellationToken);

    // A server process that is still executing this feed's commit holds the lock row: the query waits for it.
    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginTransactionAsync(cancellationToken);
        await _ledger.ReadStateAsync(forUpdate: true, cancellationToken);
        return await _ledger.FindLoadAsync(loadId, cancellationToken);
    }

    public Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
        => _ledger.FindLoadsAsync(runId, cancellationToken);

    public Task<LedgerCounts?> CountLedgerAsync(CancellationToken cancellationToken) => _ledger.CountAsync(cancellationToken);

    public async Task LockAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            await using (var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", _connection))
            {
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey("run", _target.FeedId, _target.Table) });
                if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
                    return;
            }
            if (Stopwatch.GetElapsedTime(started) > _timings.RunLock)
            {
                var state = await InspectAsync(cancellationToken);
                throw CommitErrors.AlreadyRunning(_target, state.Ledger?.Holder);
            }
            await Task.Delay(LockPoll, cancellationToken);
        }
    }

    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginTransactionAsync(cancellationToken);
        if (!await _ledger.ExistsAsync(cancellationToken))
        {
            // CREATE … IF NOT EXISTS in two sessions at once fails with a unique violation, so an advisory lock puts them in sequence.
            await ExecuteAsync($"SELECT pg_advisory_xact_lock({LockKey("ddl", Guid.Empty, "")})", cancellationToken);
            await _ledger.CreateAsync(cancellationToken);
        }
        var claim = await _ledger.ClaimAsync(holder, mode, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return claim;
    }

    public Task<long> CountRowsAsync(CancellationToken cancellationToken) => _commands.CountRowsAsync(cancellationToken);

    public async IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var transaction = await BeginTransactionAsync(cancellationToken);
        var columns = SelectedColumns.From(await _table.InspectAsync(_target, cancellationToken), _dialect, selection, _target);
        await foreach (var row in new PostgreSqlRows(_commands).ReadAsync(columns, selection, cancellationToken))
            yield return row;
    }

    public async Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginTransactionAsync(cancellationToken);
        if (await _ledger.ExistsAsync(cancellationToken))
            await _ledger.ResetAsync(forget: dropTable, cancellationToken);
        if (dropTable)
            await ExecuteAsync($"DROP TABLE IF EXISTS {_dialect.Table(_target.Table)}", cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    public async Task<IRowLoad> BeginAsync(LoadOrder order, CancellationToken cancellationToken)
    {
        var transaction = await BeginTransactionAsync(cancellationToken);
        try
        {
            // Another feed's first load shows only once it has committed. Feeds that add rows share the lock and run side by side.
            var shared = order.Spec.Mode == LoadMode.Replace ? "" : "_shared";
            await ExecuteAsync($"SELECT pg_advisory_xact_lock{shared}({LockKey("table", Guid.Empty, _target.Table)})", cancellationToken);
            var statements = new PostgreSqlStatements(_dialect, _target, order.Spec)
            {
                AddsAuditColumnsLate = _addsAuditColumnsLate && PostgreSqlStatements.CanAddAuditColumnsLate(order.Spec),
            };
            var load = new PostgreSqlRowLoad(_connection, transaction, new SqlLoad(_commands, _ledger, statements, order, ReadAsync), statements);
            await load.LockAsync(cancellationToken);
            return load;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    // The driver throws InvalidOperationException when it finds the connection broken before it is used again.
    public FaultKind Classify(Exception exception) => exception switch
    {
        InvalidOperationException when _connection.State != ConnectionState.Open => FaultKind.Transient,
        _ when PostgreSqlErrors.IsTransient(exception) => FaultKind.Transient,
        PostgresException when PostgreSqlErrors.IsRowRefused(exception) => FaultKind.RowRefused,
        PostgresException => FaultKind.Refused,
        _ => FaultKind.Unknown,
    };

    public Exception Translate(Exception exception) => PostgreSqlErrors.Loading(_target, exception);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<TableSnapshot> ReadAsync(CancellationToken cancellationToken)
        => await _ledger.DescribeAsync(await _table.InspectAsync(_target, cancellationToken), cancellationToken);

    private async Task<NpgsqlTransaction> BeginTransactionAsync(CancellationToken cancellationToken)
    {
        var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"SET LOCAL lock_timeout = {(long)_timings.TableLock.TotalMilliseconds}", cancellationToken);
        return transaction;
    }

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) => _commands.ExecuteAsync(sql, cancellationToken);

    // An advisory lock is a number: the first eight bytes of a hash of the locked object.
    private long LockKey(string purpose, Guid feed, string table)
    {
        var text = $"peaks3feed/{purpose}/{feed:D}/{_schema}/{table}";
        return BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
