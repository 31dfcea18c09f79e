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
    private readonly PgEncoder _encoder = new();
    private byte[]? _auditOf;
    private byte[] _audit = [];
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
        _encoder.Dispose();
    }

    protected override async Task WriteRowsAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (!copy.IsOpen)
            await copy.BeginAsync(statements.Copy(Schema), cancellationToken);
        if (_auditOf != FileName)
        {
            _auditOf = FileName;
            _audit = PgAuditFields.Encode(Audit, StampMicroseconds, FileName, RunId);
        }
        for (var row = 0; row < batch.Count;)
        {
            var rows = _encoder.Encode(batch, row, _audit, Audit, _staged ? _order : null);
            await copy.WriteAsync(_encoder.Written, rows, cancellationToken);
            row += rows;
            _order += rows;
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
}
