using System.Buffers.Binary;
using System.Text;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Writes rows through raw binary COPY. One COPY continues across objects; it ends where a column has to be added,
/// where an object must be undoable (a savepoint comes before it), and at the end.
/// </summary>
/// <param name="copy">Executes COPY.</param>
/// <param name="load">The load.</param>
/// <param name="statements">Its statements.</param>
/// <param name="runAsUuid">Whether COPY takes the run's id as uuid, not as text.</param>
/// <param name="late">The audit columns, if they are added after the rows; else null.</param>
internal sealed class PostgreSqlRowSink(PostgreSqlCopy copy, SqlLoad load, PostgreSqlStatements statements, bool runAsUuid, LateAuditColumns? late)
    : SqlRowSink(load)
{
    private const string RowsSavepoint = "peaks3feed_rows";
    private readonly bool _staged = statements.IsStaged;
    private readonly PgEncoder _encoder = new();
    private readonly byte[] _runId = load.Order.Stamp.RunId.ToByteArray(bigEndian: true);
    private byte[]? _auditOf;
    private byte[] _audit = [];
    private int _auditFields;
    private long _order;

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await copy.AbortAsync();
        }
        catch (Exception)
        {
            // The connection is gone and the transaction with it; the earlier exception says why.
        }
        _encoder.Dispose();
    }

    protected override async Task<IReadOnlyList<RefusedRow>> WriteRowsAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (_auditOf != FileName)
            await BeginRowsOfObjectAsync(cancellationToken);
        if (Load.Spec.FindRefusedRows)
        {
            var refused = new List<RefusedRow>();
            await FindRefusedAsync(batch, 0, batch.Count, refused, cancellationToken);
            return refused;
        }
        await CopyAsync(batch, 0, batch.Count, cancellationToken);
        return [];
    }

    protected override async Task EndRowsAsync(CancellationToken cancellationToken) => Taken += await copy.EndAsync(cancellationToken);

    protected override Task AbortRowsAsync() => copy.AbortAsync();

    private async Task BeginRowsOfObjectAsync(CancellationToken cancellationToken)
    {
        if (late is null)
        {
            (_audit, _auditFields) = (PgAuditFields.Encode(Audit, StampMicroseconds, FileName, runAsUuid ? _runId : RunId), Audit);
        }
        else
        {
            if (_auditOf is null)
            {
                late.SetFileName(Encoding.UTF8.GetString(FileName));
            }
            else if (!late.StoresFileName)
            {
                await EndRowsAsync(cancellationToken);
                await late.StoreFileNameAsync(cancellationToken);
            }

            (_audit, _auditFields) = late.StoresFileName ? (PgAuditFields.Encode(FileName), 1) : ([], 0);
        }

        _auditOf = FileName;
    }

    private async Task CopyAsync(RowBatch batch, int first, int end, CancellationToken cancellationToken)
    {
        if (!copy.IsOpen)
            await copy.BeginAsync(late is null ? statements.Copy(Schema) : statements.Copy(Schema, late.Copied), cancellationToken);
        for (var row = first; row < end;)
        {
            var rows = _encoder.Encode(batch, row, end, _audit, _auditFields, _staged ? _order : null);
            await copy.WriteAsync(_encoder.Written, rows, cancellationToken);
            row += rows;
            _order += rows;
        }
    }

    /// <summary>Writes some rows under a savepoint; where the server refuses one, writes the two halves separately.</summary>
    private async Task FindRefusedAsync(RowBatch batch, int first, int end, List<RefusedRow> refused, CancellationToken cancellationToken)
    {
        var (taken, order) = (Taken, _order);
        await Load.Commands.ExecuteAsync($"SAVEPOINT {RowsSavepoint}", cancellationToken);
        try
        {
            await CopyAsync(batch, first, end, cancellationToken);
            await EndRowsAsync(cancellationToken);
            // Merges at once, because only the target's own indexes show which keys are too long.
            if (_staged)
                await Load.Commands.ExecuteAsync($"{statements.Merge(Schema)}; {PostgreSqlStatements.EmptyStage}", cancellationToken);
            await Load.Commands.ExecuteAsync($"RELEASE SAVEPOINT {RowsSavepoint}", cancellationToken);
            return;
        }
        catch (PostgresException e) when (PostgreSqlErrors.IsRowRefused(e))
        {
            (Taken, _order) = (taken, order);
            await copy.AbortAsync();
            await Load.Commands.ExecuteAsync($"ROLLBACK TO SAVEPOINT {RowsSavepoint}; RELEASE SAVEPOINT {RowsSavepoint}", cancellationToken);
            if (end - first == 1)
            {
                refused.Add(new RefusedRow(first, $"PostgreSQL refuses the row: {e.MessageText}"));
                return;
            }
        }
        var middle = first + ((end - first) / 2);
        await FindRefusedAsync(batch, first, middle, refused, cancellationToken);
        await FindRefusedAsync(batch, middle, end, refused, cancellationToken);
    }

    protected override async Task AddColumnsAsync(IEnumerable<FeedColumn> columns, CancellationToken cancellationToken)
    {
        foreach (var column in columns)
        {
            await base.AddColumnsAsync([column], cancellationToken);
            if (_staged)
                await Load.Commands.ExecuteAsync(statements.AddStageColumn(column), cancellationToken);
        }
    }
}

/// <summary>Encodes the audit columns of an object, which are the same in each of its rows.</summary>
internal static class PgAuditFields
{
    /// <param name="count">The number of columns: none, three, or four with the time of the last update.</param>
    /// <param name="stamp">The load's time; microseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="fileName">The object, UTF-8.</param>
    /// <param name="runId">The run: ASCII, or the 16 bytes of a uuid, most significant first.</param>
    public static byte[] Encode(int count, long stamp, ReadOnlySpan<byte> fileName, ReadOnlySpan<byte> runId)
    {
        if (count == 0)
            return [];
        Span<byte> time = stackalloc byte[PgTimestamp.Width];
        PgTimestamp.Write(time, stamp);
        ReadOnlySpan<byte> last = count == 4 ? Field(time) : [];
        return [.. Field(time), .. Field(fileName), .. Field(runId), .. last];
    }

    /// <summary>Encodes the name of the object alone.</summary>
    /// <param name="fileName">The object, UTF-8.</param>
    public static byte[] Encode(ReadOnlySpan<byte> fileName) => Field(fileName);

    private static byte[] Field(ReadOnlySpan<byte> value)
    {
        var field = new byte[sizeof(int) + value.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, value.Length);
        value.CopyTo(field.AsSpan(sizeof(int)));
        return field;
    }
}
