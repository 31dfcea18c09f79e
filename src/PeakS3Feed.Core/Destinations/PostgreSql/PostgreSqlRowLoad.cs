using System.Data.Common;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// A load's transaction on PostgreSQL. Append and Replace copy straight into the target; Replace deletes the old rows first, so that
/// readers see them until the commit, and views, grants and indexes stay. Upsert copies into a temporary table and merges from there.
/// </summary>
internal sealed class PostgreSqlRowLoad : SqlRowLoad
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly PostgreSqlStatements _statements;
    private LateAuditColumns? _late;

    public PostgreSqlRowLoad(NpgsqlConnection connection, NpgsqlTransaction transaction, SqlLoad load, PostgreSqlStatements statements)
        : base(load)
    {
        _connection = connection;
        _transaction = transaction;
        _statements = statements;
    }

    protected override async Task<SqlRowSink> CreateSinkAsync(CancellationToken cancellationToken)
    {
        if (_statements.IsStaged)
            await Load.Commands.ExecuteAsync(_statements.CreateStage(Load.Spec.Schema), cancellationToken);
        var copy = await PostgreSqlCopy.PrepareAsync(_connection, _statements.CopyTarget, cancellationToken);
        return new PostgreSqlRowSink(copy, Load, _statements, CopiesRunAsUuid(), Late());
    }

    // Table was read before the load created it.
    private LateAuditColumns? Late()
        => Table.Exists || !_statements.AddsAuditColumnsLate ? null : _late ??= new LateAuditColumns(Load.Commands, _statements, Load.Order.Stamp);

    // The merge converts a staged id to the target's type.
    private bool CopiesRunAsUuid()
        => _statements.IsStaged
            || Table.Columns.FirstOrDefault(c => c.Name == AuditColumn.RequestId.Name) is not { Type: not PostgreSqlDialect.RunIdType };

    protected override async Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken)
    {
        if (_statements.IsStaged)
            await Load.Commands.ExecuteAsync(_statements.Merge(schema), cancellationToken);
        if (Late() is { } late)
            await late.CompleteAsync(cancellationToken);
    }

    protected override async Task CommitAsync()
    {
        // Whatever is committed, the table has all its columns.
        if (Late() is { } late)
            await late.CompleteAsync(CancellationToken.None);
        await _transaction.CommitAsync(CancellationToken.None);
    }

    public override ValueTask DisposeAsync() => _transaction.DisposeAsync();

    // Feature not supported (a view uses the column), data exceptions, broken constraints, dependent objects, incompatible types.
    protected override bool IsRetypeRefused(DbException exception)
        => exception.SqlState is ['0', 'A', ..] or ['2', '2' or '3' or 'B', ..] or ['4', '2', ..];

    protected override bool IsNotUnique(DbException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation;
}
