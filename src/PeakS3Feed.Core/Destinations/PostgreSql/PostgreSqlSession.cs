using System.Buffers.Binary;
using System.Data;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>One connection to PostgreSQL for one feed and table.</summary>
internal sealed class PostgreSqlSession : IDestinationSession
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);
    private readonly NpgsqlConnection _connection;
    private readonly string _schema;
    private readonly LoadTarget _target;
    private readonly PostgreSqlTimings _timings;
    private readonly SqlLedger _ledger;
    private readonly PostgreSqlTable _table;

    public PostgreSqlSession(NpgsqlConnection connection, string schema, LoadTarget target, IDestination destination, PostgreSqlTimings timings)
    {
        _connection = connection;
        _schema = schema;
        _target = target;
        _timings = timings;
        Capabilities = destination.Capabilities;
        Dialect = new PostgreSqlDialect(schema);
        _table = new PostgreSqlTable(connection, schema, Dialect);
        _ledger = new SqlLedger(new LedgerCommands(connection, Dialect, target), _table.ExistsAsync);
    }

    public DestinationCapabilities Capabilities { get; }

    public SqlDialect Dialect { get; }

    public IReadOnlyList<string> Describe(LoadSpec spec) => new PostgreSqlStatements(Dialect, _target, spec).All();

    public async Task<TableState> InspectAsync(CancellationToken cancellationToken)
    {
        await using var moment = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return await LookAsync(cancellationToken);
    }

    public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(string bucket, LedgerTakeover? takeover, CancellationToken cancellationToken)
        => _ledger.ReadEntriesAsync(bucket, takeover, cancellationToken);

    public IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, CancellationToken cancellationToken)
        => _ledger.ReadLoadedFilesAsync(bucket, cancellationToken);

    public Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken) => _ledger.FindLoadsAsync(runId, cancellationToken);

    public Task<LedgerCounts?> CountLedgerAsync(CancellationToken cancellationToken) => _ledger.CountAsync(cancellationToken);

    public async Task HoldAsync(CancellationToken cancellationToken)
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
                throw DestinationErrors.AlreadyRunning(_target, state.Ledger?.Holder);
            }
            await Task.Delay(LockPoll, cancellationToken);
        }
    }

    public async Task<LedgerState> ClaimAsync(RunHolder holder, string loadType, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginTransactionAsync(cancellationToken);
        if (!await _ledger.ExistsAsync(cancellationToken))
        {
            // CREATE … IF NOT EXISTS of two sessions at once ends in a unique violation: one after the other.
            await ExecuteAsync($"SELECT pg_advisory_xact_lock({LockKey("ddl", Guid.Empty, "")})", cancellationToken);
            await _ledger.CreateAsync(cancellationToken);
        }
        var state = await _ledger.ClaimAsync(holder, loadType, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return state;
    }

    public Task<long> CountRowsAsync(CancellationToken cancellationToken) => _ledger.CountRowsAsync(cancellationToken);

    public async Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginTransactionAsync(cancellationToken);
        if (await _ledger.ExistsAsync(cancellationToken))
            await _ledger.ResetAsync(forget: dropTable, cancellationToken);
        if (dropTable)
            await ExecuteAsync($"DROP TABLE IF EXISTS {Dialect.Table(_target.Table)}", cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    public async Task<ILoadTransaction> BeginAsync(LoadSpec spec, LoadStamp stamp, CancellationToken cancellationToken)
    {
        var transaction = await BeginTransactionAsync(cancellationToken);
        try
        {
            // Whether a table is another feed's is seen only when that feed's first load has ended. Feeds that add rows go on side by side.
            var shared = spec.Mode == LoadMode.Replace ? "" : "_shared";
            await ExecuteAsync($"SELECT pg_advisory_xact_lock{shared}({LockKey("table", Guid.Empty, _target.Table)})", cancellationToken);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
        var load = new SqlLoad(_ledger, Dialect, _target, spec, stamp, LookAsync);
        return new PostgreSqlTransaction(_connection, transaction, load, new PostgreSqlStatements(Dialect, _target, spec));
    }

    // The driver says InvalidOperationException when it found the connection broken before it was used again.
    public bool IsTransient(Exception exception)
        => PostgreSqlErrors.IsTransient(exception) || (exception is InvalidOperationException && _connection.State != ConnectionState.Open);

    public bool IsCommitRefused(Exception exception) => exception is PostgresException && !PostgreSqlErrors.IsTransient(exception);

    public bool IsRowRefused(Exception exception) => PostgreSqlErrors.IsRowRefused(exception);

    public Exception Translate(Exception exception) => PostgreSqlErrors.Loading(_target, exception);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<TableState> LookAsync(CancellationToken cancellationToken)
        => await _ledger.DescribeAsync(await _table.InspectAsync(_target, cancellationToken), cancellationToken);

    private async Task<NpgsqlTransaction> BeginTransactionAsync(CancellationToken cancellationToken)
    {
        var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"SET LOCAL lock_timeout = {(long)_timings.TableLock.TotalMilliseconds}", cancellationToken);
        return transaction;
    }

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) => _ledger.ExecuteAsync(sql, cancellationToken);

    // Advisory locks are numbers: the first eight bytes of a hash of what is locked.
    private long LockKey(string purpose, Guid feed, string table)
    {
        var text = $"peaks3feed/{purpose}/{feed:D}/{_schema}/{table}";
        return BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
