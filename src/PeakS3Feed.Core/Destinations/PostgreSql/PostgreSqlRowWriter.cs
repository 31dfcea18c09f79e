using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Writes rows through raw binary COPY. One COPY goes on across objects; it ends where a column has to be added,
/// where an object must be undoable (a savepoint stands before it), and at the end.
/// </summary>
internal sealed class PostgreSqlRowWriter(PostgreSqlCopy copy, SqlLoad load, PostgreSqlStatements statements) : SqlRowWriter(load)
{
    private readonly bool _staged = statements.IsStaged;
    private long _order;

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await copy.AbortAsync();
        }
        catch (Exception)
        {
            // The connection is gone and the transaction with it; what was thrown before says why.
        }
        copy.Dispose();
    }

    protected override async Task WriteRowsAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (!copy.IsOpen)
            await copy.BeginAsync(statements.Copy(Schema), cancellationToken);
        for (var row = 0; row < batch.Count; row++)
        {
            EncodeRow(copy.Buffer, batch, row);
            await copy.RowWrittenAsync(cancellationToken);
        }
    }

    protected override async Task EndRowsAsync(CancellationToken cancellationToken) => Taken += await copy.EndAsync(cancellationToken);

    protected override Task AbortRowsAsync() => copy.AbortAsync();

    protected override async Task AddColumnsAsync(IEnumerable<FeedColumn> columns, CancellationToken cancellationToken)
    {
        foreach (var column in columns)
        {
            await base.AddColumnsAsync([column], cancellationToken);
            if (_staged)
                await Load.Ledger.ExecuteAsync(statements.AddStageColumn(column), cancellationToken);
        }
    }

    private void EncodeRow(PgBuffer buffer, RowBatch batch, int row)
    {
        var columns = batch.Columns;
        buffer.Int16((short)(columns.Length + Audit + (_staged ? 1 : 0)));
        foreach (var column in columns)
            PgEncoder.Field(buffer, column, row);
        if (Audit > 0)
        {
            PgEncoder.Timestamp(buffer, StampMicroseconds);
            PgEncoder.Text(buffer, FileName);
            PgEncoder.Text(buffer, RunId);
            if (Audit == 4)
                PgEncoder.Timestamp(buffer, StampMicroseconds);
        }
        if (_staged)
        {
            buffer.Int32(8);
            buffer.Int64(_order++);
        }
    }
}
