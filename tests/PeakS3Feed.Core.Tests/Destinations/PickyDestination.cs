using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Spooling;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A database that takes rows in a transaction and refuses some of them, as PostgreSQL refuses a key that is too long for an index.</summary>
internal sealed class PickyDestination(IDestination inner) : IDestination
{
    /// <summary>Whether the database refuses a row, by its second column.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Is called when rows are written; may throw.</summary>
    public Action Writing { get; set; } = () => { };

    /// <summary>Is called for each commit with what commits; may throw before or after.</summary>
    public Func<Func<Task>, Task> Commit { get; set; } = commit => commit();

    /// <summary>Is called before the table is inspected; may throw.</summary>
    public Action Inspecting { get; set; } = () => { };

    /// <summary>How many transactions were begun.</summary>
    public int Transactions { get; private set; }

    public DestinationCapabilities Capabilities => inner.Capabilities;

    public string Location => inner.Location;

    public async Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
        => new Session(this, (IRowSession)await inner.OpenAsync(target, cancellationToken));

    public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken) => inner.TestAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class RefusedException() : Exception("The database refuses a row.");

    private sealed class Session(PickyDestination owner, IRowSession inner) : IRowSession
    {
        public IColumnTypes Types => inner.Types;

        public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec) => inner.Describe(fit, spec);

        public Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken)
        {
            owner.Inspecting();
            return inner.InspectAsync(cancellationToken);
        }

        public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(string bucket, string from, LedgerTakeover? takeover, CancellationToken cancellationToken)
            => inner.ReadLedgerAsync(bucket, from, takeover, cancellationToken);

        public Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken) => inner.FindLoadAsync(loadId, cancellationToken);

        public Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken) => inner.FindLoadsAsync(runId, cancellationToken);

        public Task<long> CountRowsAsync(CancellationToken cancellationToken) => inner.CountRowsAsync(cancellationToken);

        public IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, CancellationToken cancellationToken) => inner.ReadRowsAsync(selection, cancellationToken);

        public Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
            => inner.ClaimAsync(holder, mode, cancellationToken);

        public Task ResetAsync(bool dropTable, CancellationToken cancellationToken) => inner.ResetAsync(dropTable, cancellationToken);

        public async Task<IRowLoad> BeginAsync(LoadOrder order, CancellationToken cancellationToken)
        {
            owner.Transactions++;
            return new Transaction(owner, order, await inner.BeginAsync(order, cancellationToken));
        }

        public FaultKind Classify(Exception exception) => exception switch
        {
            RefusedException => FaultKind.RowRefused,
            IOException => FaultKind.Transient,
            _ => inner.Classify(exception),
        };

        public Exception Translate(Exception exception) => inner.Translate(exception);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Transaction(PickyDestination owner, LoadOrder order, IRowLoad inner) : IRowLoad
    {
        public TableSnapshot Table => inner.Table;

        public Task<long> PrepareAsync(LoadPreparation preparation, CancellationToken cancellationToken) => inner.PrepareAsync(preparation, cancellationToken);

        public async Task<IRowSink> OpenSinkAsync(CancellationToken cancellationToken)
            => new Sink(owner, order.Spec.FindRefusedRows, await inner.OpenSinkAsync(cancellationToken));

        public Task<long> CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);

        public Task CommitAsync(LoadCommit commit, CancellationToken cancellationToken) => owner.Commit(() => inner.CommitAsync(commit, cancellationToken));

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Sink(PickyDestination owner, bool finds, IRowSink inner) : IRowSink
    {
        public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
            => inner.BeginObjectAsync(source, ordinal, undoable, cancellationToken);

        public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
        {
            owner.Writing();
            int[] refused = [.. Enumerable.Range(0, batch.Count).Where(i => owner.Refuses(Encoding.UTF8.GetString(((Utf8Vector)batch.Columns[1])[i])))];
            if (refused.Length > 0 && !finds)
                throw new RefusedException();
            await inner.WriteAsync(
                refused.Length == 0 ? batch : VectorBytes.Keep(batch, [.. Enumerable.Range(0, batch.Count).Except(refused)]), cancellationToken);
            return [.. refused.Select(i => new RefusedRow(i, "The database refuses the row."))];
        }

        public Task EndObjectAsync(CancellationToken cancellationToken) => inner.EndObjectAsync(cancellationToken);

        public Task UndoObjectAsync(CancellationToken cancellationToken) => inner.UndoObjectAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
