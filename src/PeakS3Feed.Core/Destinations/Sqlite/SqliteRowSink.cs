using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Writes rows through one prepared statement, which goes on across objects until a column is added.</summary>
internal sealed class SqliteRowSink : SqlRowSink
{
    private readonly SqliteFile _file;
    private readonly SqliteTable _table;
    private readonly SqliteStatements _statements;
    private readonly byte[] _stampText;
    private SqliteInsert? _insert;

    public SqliteRowSink(SqliteFile file, SqliteTable table, SqlLoad load, SqliteStatements statements)
        : base(load)
    {
        _file = file;
        _table = table;
        _statements = statements;
        Span<byte> text = stackalloc byte[SqliteText.MaxBytes];
        _stampText = text[..SqliteText.Timestamp(StampMicroseconds, zoned: true, text)].ToArray();
    }

    public override ValueTask DisposeAsync()
    {
        Finish();
        return ValueTask.CompletedTask;
    }

    protected override Task<IReadOnlyList<RefusedRow>> WriteRowsAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        _insert ??= new SqliteInsert(_file, _statements.Insert(Schema), batch);
        ReadOnlySpan<byte[]> audit = [_stampText, FileName, RunId, _stampText]; // the last one on Upsert only
        Taken += _insert.Write(batch, audit[..Audit], cancellationToken);
        return Task.FromResult<IReadOnlyList<RefusedRow>>([]);
    }

    protected override Task EndRowsAsync(CancellationToken cancellationToken)
    {
        Finish();
        return Task.CompletedTask;
    }

    protected override Task AbortRowsAsync()
    {
        Finish();
        return Task.CompletedTask;
    }

    // SQLite's ADD COLUMN has no IF NOT EXISTS.
    protected override async Task AddColumnsAsync(IEnumerable<FeedColumn> columns, CancellationToken cancellationToken)
    {
        var table = await _table.InspectAsync(Load.Target, cancellationToken);
        var existing = table.Columns.Select(c => c.Name).ToHashSet(Load.Commands.Dialect.NameComparer);
        await base.AddColumnsAsync(columns.Where(c => !existing.Contains(c.Name)), cancellationToken);
    }

    private void Finish()
    {
        _insert?.Dispose();
        _insert = null;
    }
}
