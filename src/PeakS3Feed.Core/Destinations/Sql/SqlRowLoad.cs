using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using System.Data.Common;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>What the parts of one load on a SQL database share.</summary>
internal sealed record SqlLoad(
    SqlCommands Commands, SqlLedger Ledger, SqlStatements Statements, LoadOrder Order, Func<CancellationToken, Task<TableSnapshot>> Inspect)
{
    public LoadSpec Spec => Order.Spec;

    public LoadTarget Target => Commands.Target;
}

/// <summary>A load's transaction on a SQL database, as far as it is the same on each of them.</summary>
internal abstract class SqlRowLoad(SqlLoad load) : IRowLoad
{
    private TableSnapshot? _table;
    private SqlRowSink? _sink;

    public TableSnapshot Table => _table ?? throw new InvalidOperationException("The transaction does not hold the lock row yet.");

    protected SqlLoad Load { get; } = load;

    /// <summary>Takes the lock row and reads table and ledger. The transaction has begun.</summary>
    public async Task LockAsync(CancellationToken cancellationToken)
    {
        Load.Order.Reached(CommitStep.Began);
        if (await Load.Ledger.ReadStateAsync(forUpdate: true, cancellationToken) is null)
            throw CommitErrors.Overtaken(Load.Target, holder: null); // another program deleted the row, and with it this run's claim
        Load.Order.Reached(CommitStep.Locked);
        _table = await Load.Inspect(cancellationToken);
    }

    public async Task<long> PrepareAsync(LoadPreparation preparation, CancellationToken cancellationToken)
    {
        var changes = preparation.Fit.Changes;
        foreach (var change in changes.Where(c => c is not WidenColumn))
        {
            if (change is TakeOverLedger take)
                await Load.Ledger.TakeOverAsync(take.Takeover, cancellationToken);
            else
                await ExecuteAsync(change, cancellationToken);
        }
        await WidenAsync([.. changes.OfType<WidenColumn>()], cancellationToken);
        if (Load.Spec.Mode == LoadMode.Replace)
            await Load.Commands.ExecuteAsync(Load.Statements.DeleteAll, cancellationToken);
        Load.Order.Reached(CommitStep.Prepared);
        if (preparation.Assumed is { } assumed)
            await Load.Ledger.RecordAsync(assumed.Load, audited: false, assumed.Schema, signature: null, assumed.Files(), cancellationToken);
        if (preparation.Changed is not { } changed)
            return 0;
        var deleted = await DeleteEarlierAsync(changed(), cancellationToken);
        Load.Order.Reached(CommitStep.EarlierDeleted);
        return deleted;
    }

    public async Task<IRowSink> OpenSinkAsync(CancellationToken cancellationToken) => _sink = await CreateSinkAsync(cancellationToken);

    public Task<long> CompleteAsync(CancellationToken cancellationToken)
        => _sink?.CompleteAsync(cancellationToken) ?? throw new InvalidOperationException("No sink was opened.");

    public async Task CommitAsync(LoadCommit commit, CancellationToken cancellationToken)
    {
        if (commit.Load is not { } record)
        {
            await CommitAsync();
            return;
        }
        await ApplyAsync(commit.Schema, cancellationToken);
        Load.Order.Reached(CommitStep.Applied);
        await Load.Ledger.RecordAsync(
            record, Load.Spec.Audit, commit.Schema, commit.Signature, commit.Files().Select(o => o.Source),
            cancellationToken);
        Load.Order.Reached(CommitStep.Recorded);
        cancellationToken.ThrowIfCancellationRequested();
        Load.Order.Reached(CommitStep.Committing);
        await CommitAsync();
        Load.Order.Reached(CommitStep.Committed);
    }

    public abstract ValueTask DisposeAsync();

    protected abstract Task<SqlRowSink> CreateSinkAsync(CancellationToken cancellationToken);

    /// <summary>Brings rows that wait in a staging table into the target.</summary>
    protected abstract Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken);

    /// <summary>Commits. Not cancellable: once sent, the answer is awaited.</summary>
    protected abstract Task CommitAsync();

    /// <summary>Returns whether a unique index could not be created because rows of the table have the same key.</summary>
    protected abstract bool IsNotUnique(DbException exception);

    /// <summary>Gives columns their wider types.</summary>
    protected virtual async Task WidenAsync(IReadOnlyList<WidenColumn> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
            await ExecuteAsync(change, cancellationToken);
    }

    /// <summary>Returns whether the database refuses the change of a column's type.</summary>
    protected abstract bool IsRetypeRefused(DbException exception);

    private async Task<long> DeleteEarlierAsync(IAsyncEnumerable<Sources.SourceObject> changed, CancellationToken cancellationToken)
    {
        await Load.Commands.ExecuteAsync(Load.Statements.CreateChanged, cancellationToken);
        await Load.Ledger.InsertObjectsAsync(Load.Statements.ChangedTable, changed, cancellationToken);
        if (Load.Statements.AnalyzeChanged is { } analyze)
            await Load.Commands.ExecuteAsync(analyze, cancellationToken);
        await Load.Ledger.ThrowIfRowsUnknownAsync(Load.Statements.ChangedTable, cancellationToken);
        return await Load.Commands.ExecuteAsync(Load.Statements.DeleteEarlier, cancellationToken);
    }

    private async Task ExecuteAsync(TableChange change, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var statement in Load.Statements.Change(change))
                await Load.Commands.ExecuteAsync(statement, cancellationToken);
        }
        catch (DbException e) when (change is WidenColumn widen && IsRetypeRefused(e))
        {
            throw TableErrors.CannotRetype(Load.Target, widen.From, widen.To, e.Message, e);
        }
        catch (DbException e) when (change is CreateKeyIndex index && IsNotUnique(e))
        {
            throw TableErrors.KeyNotUnique(Load.Target, index.Key, e);
        }
    }
}
