using System.Data.Common;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// A load's transaction on SQLite. Rows go straight into the target in loading order, so an Upsert needs no staging:
/// INSERT … ON CONFLICT row by row lets the last one win.
/// </summary>
internal sealed class SqliteRowLoad : SqlRowLoad
{
    private readonly SqliteFile _file;
    private readonly SqliteTable _table;
    private readonly SqliteStatements _statements;
    private readonly SqliteRebuild _rebuild;
    private readonly SqliteRebuildMode? _rebuildMode;
    private readonly CancellationTokenRegistration _interrupt;
    private bool _ended;

    /// <param name="file">The database, in whose transaction it is.</param>
    /// <param name="table">Reads the table.</param>
    /// <param name="rebuild">Creates the table again where a type changes.</param>
    /// <param name="rebuildMode">The mode to leave once the transaction has ended, or null.</param>
    /// <param name="load">The load.</param>
    /// <param name="statements">Its statements.</param>
    /// <param name="cancellationToken">Interrupts a statement.</param>
    public SqliteRowLoad(
        SqliteFile file, SqliteTable table, SqliteRebuild rebuild, SqliteRebuildMode? rebuildMode, SqlLoad load, SqliteStatements statements,
        CancellationToken cancellationToken)
        : base(load)
    {
        _rebuild = rebuild;
        _rebuildMode = rebuildMode;
        _file = file;
        _table = table;
        _statements = statements;
        // A long statement (an index, a DELETE) ends early only when it is interrupted.
        _interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(file.Handle));
    }

    protected override Task<SqlRowSink> CreateSinkAsync(CancellationToken cancellationToken)
        => Task.FromResult<SqlRowSink>(new SqliteRowSink(_file, _table, Load, _statements));

    protected override Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken)
        => _rebuild.CheckKeysAsync(change: null, cancellationToken);

    protected override async Task CommitAsync()
    {
        await _interrupt.DisposeAsync();
        await _file.CommitAsync();
        _ended = true;
        _rebuildMode?.Leave();
    }

    public override async ValueTask DisposeAsync()
    {
        await _interrupt.DisposeAsync();
        if (_ended)
            return;
        _file.Rollback();
        _rebuildMode?.Leave();
    }

    protected override Task WidenAsync(IReadOnlyList<WidenColumn> changes, CancellationToken cancellationToken)
        => _rebuild.RunAsync(changes, cancellationToken);

    protected override bool IsRetypeRefused(DbException exception) => false;

    protected override bool IsNotUnique(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT };
}
