using System.Data.Common;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>A load's transaction on a SQL database: what does not depend on which one it is.</summary>
internal abstract class SqlTransaction(SqlLoad load, SqlStatements statements) : ILoadTransaction
{
    protected SqlLoad Load { get; } = load;

    public async Task<LedgerState> LockAsync(CancellationToken cancellationToken)
        => (await Load.Ledger.ReadStateAsync(forUpdate: true, cancellationToken))!;

    public Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken) => Load.Ledger.FindLoadAsync(loadId, cancellationToken);

    public Task<TableState> InspectAsync(CancellationToken cancellationToken) => Load.Look(cancellationToken);

    public async Task PrepareAsync(IReadOnlyList<TableChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.Where(c => c is not WidenColumn))
        {
            if (change is TakeOverLedger take)
                await Load.Ledger.Takeovers.TakeAsync(take.Takeover, cancellationToken);
            else
                await ExecuteAsync(change, cancellationToken);
        }
        await WidenAsync([.. changes.OfType<WidenColumn>()], cancellationToken);
        if (Load.Spec.Mode == LoadMode.Replace)
            await Load.Ledger.ExecuteAsync(statements.DeleteAll, cancellationToken);
    }

    public async Task<long> DeleteEarlierVersionsAsync(IAsyncEnumerable<SourceObject> changed, CancellationToken cancellationToken)
    {
        await Load.Ledger.ExecuteAsync(statements.CreateChanged, cancellationToken);
        await Load.Ledger.Files.InsertObjectsAsync(statements.ChangedTable, changed, cancellationToken);
        if (statements.AnalyzeChanged is { } analyze)
            await Load.Ledger.ExecuteAsync(analyze, cancellationToken);
        await Load.Ledger.Files.RefuseUnknownRowsAsync(statements.ChangedTable, cancellationToken);
        return await Load.Ledger.ExecuteAsync(statements.DeleteEarlier, cancellationToken);
    }

    public abstract Task<IRowWriter> OpenWriterAsync(CancellationToken cancellationToken);

    public virtual Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RecordAsync(
        LoadRecord load, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
        => Load.Ledger.RecordAsync(load, Load.Spec.Audit, schema, signature, files, cancellationToken);

    public Task RecordAssumedAsync(LoadRecord load, FeedSchema schema, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
        => Load.Ledger.RecordAsync(load, audited: false, schema, signature: null, files, cancellationToken);

    public abstract Task CommitAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Whether a unique index could not be made because rows of the table have the same key.</summary>
    protected abstract bool IsNotUnique(DbException exception);

    /// <summary>Gives columns their wider types.</summary>
    protected virtual async Task WidenAsync(IReadOnlyList<WidenColumn> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
            await ExecuteAsync(change, cancellationToken);
    }

    /// <summary>Whether the database says that a column cannot be changed.</summary>
    protected abstract bool IsRetypeRefused(DbException exception);

    private async Task ExecuteAsync(TableChange change, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var statement in Load.Dialect.Statements(Load.Target.Table, change))
                await Load.Ledger.ExecuteAsync(statement, cancellationToken);
        }
        catch (DbException e) when (change is WidenColumn widen && IsRetypeRefused(e))
        {
            throw DestinationErrors.CannotRetype(Load.Target, widen.From, widen.To, e.Message, e);
        }
        catch (DbException e) when (change is CreateKeyIndex index && IsNotUnique(e))
        {
            throw DestinationErrors.KeyNotUnique(Load.Target, index.Key, e);
        }
    }
}
