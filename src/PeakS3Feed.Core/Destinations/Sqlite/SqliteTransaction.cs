using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// A load's transaction on SQLite. Rows go straight into the target in loading order, so an Upsert needs no staging:
/// INSERT … ON CONFLICT row by row lets the last one win.
/// </summary>
internal sealed class SqliteTransaction : ILoadTransaction
{
    private readonly SqliteFile _file;
    private readonly SqlLedger _ledger;
    private readonly SqliteDialect _dialect;
    private readonly LoadTarget _target;
    private readonly LoadSpec _spec;
    private readonly LoadStamp _stamp;
    private readonly CancellationTokenRegistration _interrupt;
    private bool _ended;

    public SqliteTransaction(
        SqliteFile file, SqlLedger ledger, SqliteDialect dialect, LoadTarget target, LoadSpec spec, LoadStamp stamp, CancellationToken cancellationToken)
    {
        _file = file;
        _ledger = ledger;
        _dialect = dialect;
        _target = target;
        _spec = spec;
        _stamp = stamp;
        // A long statement (an index, a DELETE) looks up only when it is interrupted.
        _interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(file.Handle));
    }

    public async Task<LedgerState> LockAsync(CancellationToken cancellationToken)
        => (await _ledger.ReadStateAsync(forUpdate: true, cancellationToken))!; // BEGIN IMMEDIATE has locked the whole file

    public Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken) => _ledger.FindLoadAsync(loadId, cancellationToken);

    public Task PrepareAsync(IReadOnlyList<TableChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            foreach (var statement in _dialect.Statements(_target.Table, change))
                Execute(change, statement);
        }
        if (_spec.Mode == LoadMode.Replace)
            _file.Execute(new SqliteStatements(_dialect, _target, _spec).DeleteAll);
        return Task.CompletedTask;
    }

    public async Task<long> DeleteEarlierVersionsAsync(IAsyncEnumerable<SourceObject> changed, CancellationToken cancellationToken)
    {
        _file.Execute("CREATE TEMP TABLE IF NOT EXISTS peaks3feed_changed (bucket TEXT, object_key TEXT)");
        _file.Execute("DELETE FROM temp.peaks3feed_changed");
        await _ledger.Files.InsertObjectsAsync("temp.peaks3feed_changed", changed, cancellationToken);
        await _ledger.Files.RefuseUnknownRowsAsync("temp.peaks3feed_changed", cancellationToken);
        await using var command = _ledger.Command(new SqliteStatements(_dialect, _target, _spec).DeleteEarlier);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<IRowWriter> OpenWriterAsync(CancellationToken cancellationToken)
        => Task.FromResult<IRowWriter>(new SqliteRowWriter(_file, _dialect, _target, _spec, _stamp));

    public Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RecordAsync(
        LoadRecord load, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
        => _ledger.RecordAsync(load, _spec.Audit, schema, signature, files, cancellationToken);

    public async Task CommitAsync()
    {
        await _interrupt.DisposeAsync();
        await _file.CommitAsync();
        _ended = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _interrupt.DisposeAsync();
        if (!_ended)
            _file.Rollback();
    }

    private void Execute(TableChange change, string statement)
    {
        try
        {
            _file.Execute(statement);
        }
        catch (SqliteException e) when (change is CreateKeyIndex index && e.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            throw DestinationErrors.KeyNotUnique(_target, index.Key, e);
        }
    }
}
