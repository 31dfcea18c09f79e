using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>One connection to a SQLite file for one feed and table; opened when it is needed, so that an inspection creates no file.</summary>
internal sealed class SqliteSession : IRowSession
{
    private readonly string _path;
    private readonly LoadTarget _target;
    private readonly TimeSpan _busyTimeout;
    private readonly ILogger _logger;
    private readonly SqliteDialect _dialect = new();
    private SqliteFile? _file;
    private SqliteCommands? _commands;
    private SqliteTable? _table;
    private SqlLedger? _ledger;

    public SqliteSession(string path, LoadTarget target, TimeSpan busyTimeout, ILogger logger)
    {
        _path = path;
        _target = target;
        _busyTimeout = busyTimeout;
        _logger = logger;
    }

    public IColumnTypes Types => _dialect;

    public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec) => new SqliteStatements(_dialect, _target, spec).All(fit);

    public async Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken)
    {
        if (!await OpenExistingAsync(cancellationToken))
            return new TableSnapshot();
        _file!.Execute("BEGIN"); // takes no lock before the first question
        try
        {
            return await ReadAsync(cancellationToken);
        }
        finally
        {
            _file.Rollback();
        }
    }

    public async IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
        string bucket, string from, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await OpenExistingAsync(cancellationToken))
            yield break;
        await foreach (var entry in _ledger!.ReadEntriesAsync(bucket, from, takeover, cancellationToken))
            yield return entry;
    }

    public async IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await OpenExistingAsync(cancellationToken))
            yield break;
        await foreach (var name in _ledger!.ReadLoadedFilesAsync(bucket, cancellationToken))
            yield return name;
    }

    // A commit of ours that is still in progress holds the database: the answer waits for it.
    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _file!.BeginAsync(cancellationToken);
        try
        {
            return await _ledger!.FindLoadAsync(loadId, cancellationToken);
        }
        finally
        {
            _file.Rollback();
        }
    }

    public async Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
        => await OpenExistingAsync(cancellationToken) ? await _ledger!.FindLoadsAsync(runId, cancellationToken) : [];

    public async Task<LedgerCounts?> CountLedgerAsync(CancellationToken cancellationToken)
        => await OpenExistingAsync(cancellationToken) ? await _ledger!.CountAsync(cancellationToken) : null;

    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        LedgerClaim? claim = null;
        await InTransactionAsync(async () =>
        {
            await _ledger!.CreateAsync(cancellationToken);
            claim = await _ledger.ClaimAsync(holder, mode, cancellationToken);
        }, cancellationToken);
        return claim!;
    }

    public async Task<long> CountRowsAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _commands!.CountRowsAsync(cancellationToken);
    }

    public async IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await OpenExistingAsync(cancellationToken) ? await _table!.InspectAsync(_target, cancellationToken) : new TableSnapshot();
        var columns = SelectedColumns.From(table, _dialect, selection, _target);
        await foreach (var row in new SqliteRows(_file!, _commands!).ReadAsync(columns, selection, cancellationToken))
            yield return row;
    }

    public Task ResetAsync(bool dropTable, CancellationToken cancellationToken) => InTransactionAsync(async () =>
    {
        if (await _ledger!.ExistsAsync(cancellationToken))
            await _ledger.ResetAsync(forget: dropTable, cancellationToken);
        if (dropTable)
            _file!.Execute($"DROP TABLE IF EXISTS {_dialect.Table(_target.Table)}");
    }, cancellationToken);

    public async Task<IRowLoad> BeginAsync(LoadOrder order, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var mode = await RetypesAsync(order.Spec, cancellationToken) ? SqliteRebuildMode.Enter(_file!) : null;
        try
        {
            await _file!.BeginAsync(cancellationToken);
        }
        catch
        {
            mode?.Leave();
            throw;
        }
        var rebuild = new SqliteRebuild(_file, _commands!, _target, _dialect);
        var statements = new SqliteStatements(_dialect, _target, order.Spec);
        var load = new SqliteRowLoad(
            _file, _table!, rebuild, mode, new SqlLoad(_commands!, _ledger!, statements, order, ReadAsync), statements, cancellationToken);
        try
        {
            await load.LockAsync(cancellationToken);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    public FaultKind Classify(Exception exception)
    {
        var rolledBack = _file is { } file && raw.sqlite3_get_autocommit(file.Handle) != 0;
        return SqliteErrors.IsCommitRefused(exception, rolledBack) ? FaultKind.Refused : FaultKind.Unknown;
    }

    public Exception Translate(Exception exception) => SqliteErrors.Loading(_target, _path, exception);

    public async ValueTask DisposeAsync()
    {
        if (_file is { } file)
            await file.DisposeAsync();
    }

    // Only before a transaction can the connection be prepared for a rebuild. Nobody else changes what the feed has recorded: the run holds it.
    private async Task<bool> RetypesAsync(LoadSpec spec, CancellationToken cancellationToken)
    {
        var recorded = (await InspectAsync(cancellationToken)).Ledger?.Schema;
        return recorded is not null
            && spec.Schema.Columns.Any(c => recorded.FindField(c.Field) is { } was && SqliteConversion.Find(new WidenColumn(was, c)) is not null);
    }

    private async Task<TableSnapshot> ReadAsync(CancellationToken cancellationToken)
        => await _ledger!.DescribeAsync(await _table!.InspectAsync(_target, cancellationToken), cancellationToken);

    private async Task InTransactionAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _file!.BeginAsync(cancellationToken);
        try
        {
            await action();
            await _file.CommitAsync();
        }
        catch
        {
            _file.Rollback();
            throw;
        }
    }

    private async Task<bool> OpenExistingAsync(CancellationToken cancellationToken)
    {
        if (_file is null && !File.Exists(_path))
            return false;
        await OpenAsync(cancellationToken);
        return true;
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_file is not null)
            return;
        try
        {
            _file = await SqliteFile.OpenAsync(_path, $"Feed {_target.FeedName}", _busyTimeout, _logger, cancellationToken);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.Opening(_path, e);
        }
        _commands = new SqliteCommands(_file, _dialect, _target);
        _table = new SqliteTable(_commands);
        _ledger = new SqlLedger(_commands, _table.ExistsAsync);
    }
}
