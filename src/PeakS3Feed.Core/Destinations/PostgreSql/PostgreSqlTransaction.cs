using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// A load's transaction on PostgreSQL. Append and Replace copy straight into the target; Replace deletes the old rows first, so that
/// readers see them until the commit, and views, grants and indexes stay. Upsert copies into a temporary table and merges from there.
/// </summary>
internal sealed class PostgreSqlTransaction : ILoadTransaction
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly SqlLedger _ledger;
    private readonly SqlDialect _dialect;
    private readonly LoadTarget _target;
    private readonly LoadSpec _spec;
    private readonly LoadStamp _stamp;
    private readonly PostgreSqlStatements _statements;

    public PostgreSqlTransaction(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SqlLedger ledger, SqlDialect dialect, LoadTarget target, LoadSpec spec, LoadStamp stamp)
    {
        _connection = connection;
        _transaction = transaction;
        _ledger = ledger;
        _dialect = dialect;
        _target = target;
        _spec = spec;
        _stamp = stamp;
        _statements = new PostgreSqlStatements(dialect, target, spec);
    }

    public async Task<LedgerState> LockAsync(CancellationToken cancellationToken)
        => (await _ledger.ReadStateAsync(forUpdate: true, cancellationToken))!;

    public Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken) => _ledger.FindLoadAsync(loadId, cancellationToken);

    public async Task PrepareAsync(IReadOnlyList<TableChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            foreach (var statement in _dialect.Statements(_target.Table, change))
                await ExecuteAsync(change, statement, cancellationToken);
        }
        if (_spec.Mode == LoadMode.Replace)
            await _ledger.ExecuteAsync(_statements.DeleteAll, cancellationToken);
    }

    public async Task<long> DeleteEarlierVersionsAsync(IAsyncEnumerable<SourceObject> changed, CancellationToken cancellationToken)
    {
        await _ledger.ExecuteAsync(
            $"CREATE TEMP TABLE peaks3feed_changed (bucket {_dialect.KeyType}, object_key {_dialect.KeyType}) ON COMMIT DROP", cancellationToken);
        await _ledger.Files.InsertObjectsAsync("peaks3feed_changed", changed, cancellationToken);
        await _ledger.ExecuteAsync("ANALYZE peaks3feed_changed", cancellationToken); // nobody else looks at temporary tables
        await _ledger.Files.RefuseUnknownRowsAsync("peaks3feed_changed", cancellationToken);
        await using var command = _ledger.Command(_statements.DeleteEarlier);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IRowWriter> OpenWriterAsync(CancellationToken cancellationToken)
    {
        var writer = new PostgreSqlRowWriter(_connection, _ledger, _dialect, _target, _spec, _stamp, _statements);
        await writer.PrepareAsync(cancellationToken);
        return writer;
    }

    public async Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken)
    {
        if (_statements.IsStaged)
            await _ledger.ExecuteAsync(_statements.Merge(schema), cancellationToken);
    }

    public Task RecordAsync(
        LoadRecord load, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
        => _ledger.RecordAsync(load, _spec.Audit, schema, signature, files, cancellationToken);

    public Task CommitAsync() => _transaction.CommitAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    private async Task ExecuteAsync(TableChange change, string statement, CancellationToken cancellationToken)
    {
        try
        {
            await _ledger.ExecuteAsync(statement, cancellationToken);
        }
        catch (PostgresException e) when (change is CreateKeyIndex index && e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw DestinationErrors.KeyNotUnique(_target, index.Key, e);
        }
    }
}
