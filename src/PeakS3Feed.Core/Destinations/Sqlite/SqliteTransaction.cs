using System.Data.Common;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// A load's transaction on SQLite. Rows go straight into the target in loading order, so an Upsert needs no staging:
/// INSERT … ON CONFLICT row by row lets the last one win.
/// </summary>
internal sealed class SqliteTransaction : SqlTransaction
{
    private readonly SqliteFile _file;
    private readonly SqliteTable _table;
    private readonly SqliteStatements _statements;
    private readonly CancellationTokenRegistration _interrupt;
    private bool _ended;

    public SqliteTransaction(SqliteFile file, SqliteTable table, SqlLoad load, SqliteStatements statements, CancellationToken cancellationToken)
        : base(load, statements)
    {
        _file = file;
        _table = table;
        _statements = statements;
        // A long statement (an index, a DELETE) looks up only when it is interrupted.
        _interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(file.Handle));
    }

    public override Task<IRowWriter> OpenWriterAsync(CancellationToken cancellationToken)
        => Task.FromResult<IRowWriter>(new SqliteRowWriter(_file, _table, Load, _statements));

    public override async Task CommitAsync()
    {
        await _interrupt.DisposeAsync();
        await _file.CommitAsync();
        _ended = true;
    }

    public override async ValueTask DisposeAsync()
    {
        await _interrupt.DisposeAsync();
        if (!_ended)
            _file.Rollback();
    }

    protected override bool IsNotUnique(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT };
}
