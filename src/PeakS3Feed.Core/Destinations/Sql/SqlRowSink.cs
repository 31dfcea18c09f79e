using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Writes the rows of a load into a SQL database; keeps a savepoint for the current object.</summary>
internal abstract class SqlRowSink : IRowSink
{
    private const string Savepoint = "peaks3feed_object";
    private (long Taken, FeedSchema Schema)? _beforeObject;

    protected SqlRowSink(SqlLoad load)
    {
        Load = load;
        Schema = load.Spec.Schema;
        Audit = AuditColumn.For(load.Spec).Count;
        RunId = Encoding.ASCII.GetBytes(load.Order.Stamp.RunId.ToString("D"));
        StampMicroseconds = (load.Order.Stamp.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    protected SqlLoad Load { get; }

    /// <summary>The columns, including those that the load added.</summary>
    protected FeedSchema Schema { get; private set; }

    /// <summary>The number of rows that the database took.</summary>
    protected long Taken { get; set; }

    /// <summary>The number of audit columns.</summary>
    protected int Audit { get; }

    /// <summary>The run, for the audit columns; ASCII.</summary>
    protected byte[] RunId { get; }

    /// <summary>The load's time, for the audit columns; microseconds since 1970-01-01T00:00:00Z.</summary>
    protected long StampMicroseconds { get; }

    /// <summary>The object, for the audit columns; UTF-8.</summary>
    protected byte[] FileName { get; private set; } = [];

    public async Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
    {
        FileName = Encoding.UTF8.GetBytes(source.Uri);
        _beforeObject = null;
        if (!undoable)
            return;
        await EndRowsAsync(cancellationToken);
        await Load.Commands.ExecuteAsync($"SAVEPOINT {Savepoint}", cancellationToken);
        _beforeObject = (Taken, Schema);
    }

    public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Schema.Columns.Count > Schema.Columns.Count)
        {
            await EndRowsAsync(cancellationToken);
            await AddColumnsAsync(batch.Schema.Columns.Skip(Schema.Columns.Count), cancellationToken);
            Schema = batch.Schema;
        }
        return batch.Count > 0 ? await WriteRowsAsync(batch, cancellationToken) : [];
    }

    public async Task EndObjectAsync(CancellationToken cancellationToken)
    {
        if (_beforeObject is null)
            return;
        await EndRowsAsync(cancellationToken);
        await Load.Commands.ExecuteAsync($"RELEASE SAVEPOINT {Savepoint}", cancellationToken);
        _beforeObject = null;
    }

    public async Task UndoObjectAsync(CancellationToken cancellationToken)
    {
        if (_beforeObject is not { } before)
            throw new InvalidOperationException("The object was not begun as one that can be undone.");
        await AbortRowsAsync();
        await Load.Commands.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}; RELEASE SAVEPOINT {Savepoint}", cancellationToken);
        (Taken, Schema) = before;
        _beforeObject = null;
    }

    /// <summary>Ends the writing; returns the number of rows that the database took.</summary>
    public async Task<long> CompleteAsync(CancellationToken cancellationToken)
    {
        await EndRowsAsync(cancellationToken);
        return Taken;
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Writes the rows of a batch with the columns of <see cref="Schema"/>; returns the refused ones.</summary>
    protected abstract Task<IReadOnlyList<RefusedRow>> WriteRowsAsync(RowBatch batch, CancellationToken cancellationToken);

    /// <summary>Ends the statement that takes rows, so that another one can run. The next rows begin it again.</summary>
    protected abstract Task EndRowsAsync(CancellationToken cancellationToken);

    /// <summary>Ends that statement and drops the rows since the savepoint.</summary>
    protected abstract Task AbortRowsAsync();

    /// <summary>Adds the columns that the table lacks.</summary>
    protected virtual async Task AddColumnsAsync(IEnumerable<FeedColumn> columns, CancellationToken cancellationToken)
    {
        foreach (var column in columns)
        {
            foreach (var statement in Load.Statements.Change(new AddColumn(column)))
                await Load.Commands.ExecuteAsync(statement, cancellationToken);
        }
    }
}
