using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>One load of a run, through all its attempts: what every kind of commit decides in the same way.</summary>
internal sealed class LoadAttempt(
    ILoadWork work, ILoadShare share, LoadTarget target, DestinationCapabilities capabilities, RunHolder holder,
    (long Epoch, long Sequence) claimed, ICommitObserver? observer, ILogger logger, TimeProvider time)
{
    private long _number;
    private (LoadRecord Load, LoadTotals Totals)? _next;
    private (LoadRecord Load, LoadTotals Totals)? _sent;

    public ILoadWork Work => work;

    public LoadTarget Target => target;

    public Guid RunId => holder.RunId;

    public ILogger Logger => logger;

    /// <summary>Whether a commit was sent of which it is unknown whether it landed.</summary>
    public bool IsInDoubt => _sent is not null;

    /// <summary>Whether the commit landed. No failure after that leads to another commit.</summary>
    public bool HasLanded { get; private set; }

    /// <summary>The load that landed; null for a commit that changed only the ledger or the table.</summary>
    public LoadOutcome? Outcome { get; private set; }

    /// <summary>The ledger's sequence as this run left it.</summary>
    public long Sequence { get; private set; } = claimed.Sequence;

    /// <summary>The values of the audit columns for rows that are written from now on.</summary>
    public LoadStamp CreateStamp() => new(holder.RunId, Microseconds(time.GetUtcNow()));

    public LoadOrder Order(LoadSpec spec, LoadStamp stamp)
    {
        _number = 0;
        return new LoadOrder(spec, stamp, holder, claimed.Epoch) { Reached = Report, NotLanded = Refused, Merging = work.ReportMerging };
    }

    /// <summary>Reports a step that was reached.</summary>
    public void Report(CommitStep step)
    {
        if (step == CommitStep.Locked)
            _number = Sequence + 1;
        if (step == CommitStep.Committing)
            _sent = _next;
        observer?.OnStep(step, _number);
    }

    /// <summary>
    /// Takes the steps of one attempt. Once the load has landed, it takes none and returns the outcome, whatever failed afterwards. Returns
    /// null when there was nothing to commit.
    /// </summary>
    public async Task<LoadOutcome?> RunAsync(ITableSession session, Func<Task> steps, CancellationToken cancellationToken)
    {
        if (IsInDoubt)
            await FindLandedAsync(session, cancellationToken);
        if (HasLanded)
            return Outcome;
        try
        {
            await steps();
            return Outcome;
        }
        catch (Exception e) when (session.Classify(e) is FaultKind.Refused or FaultKind.RowRefused)
        {
            Refused();
            throw;
        }
    }

    /// <summary>Throws <c>RunOvertaken</c> when another run has claimed the feed or committed a load since.</summary>
    public void ThrowIfOvertaken(TableSnapshot table)
    {
        _number = Sequence + 1;
        if (table.Ledger is { } ledger && (ledger.Epoch > claimed.Epoch || ledger.Sequence != Sequence))
            throw CommitErrors.Overtaken(target, ledger.Holder);
    }

    /// <summary>Decides how table and ledger must change before the rows come.</summary>
    public async Task<LoadPreparation> PrepareAsync(
        TableSnapshot table, LoadOrder order, IColumnTypes types, CancellationToken cancellationToken)
    {
        var fit = TableFit.Find(table, order.Spec, target, types, capabilities, share.AdoptTable);
        _number = (fit.Takeover?.Sequence ?? Sequence) + 1;
        var preparation = new LoadPreparation(fit) { Changed = order.Spec.DeleteEarlierVersions ? share.ChangedObjects : null };
        if (share.AssumedObjectCount == 0 || table.Ledger is { HasLoaded: true })
            return preparation;
        // A load of its own, without rows: those in the table cannot be traced to it.
        var id = await LoadId.ComputeAsync(target, _number, share.AssumedObjects(), cancellationToken);
        var record = new LoadRecord(id, _number++, Guid.Empty, LoadMode.Append, Rows: 0, share.AssumedObjectCount, Bytes: 0, order.Stamp.At);
        return preparation with { Assumed = new AssumedLoad(record, order.Spec.Schema, share.AssumedObjects) };
    }

    /// <summary>Decides what to commit; null for nothing. Throws where a Replace would empty the table.</summary>
    public async Task<LoadCommit?> DecideAsync(
        TableSnapshot table, LoadOrder order, LoadPreparation preparation, LoadTotals totals, CancellationToken cancellationToken)
    {
        var takesOver = preparation.Fit.Takeover is not null || preparation.Assumed is not null;
        var commit = new LoadCommit
        {
            Order = order,
            Expected = table,
            Preparation = preparation,
            Schema = totals.Schema,
            Files = share.WrittenObjects,
        };
        if (totals.Objects == 0 && order.Spec.Mode != LoadMode.Replace)
        {
            // What the feed takes over is its own from now on, even while nothing new is there.
            _next = null;
            return takesOver ? commit : null;
        }
        // No row has proved a type yet: a table of columns that are text for want of values would refuse what comes. The objects stay to be loaded.
        if (totals.Rows == 0 && table.Ledger is not { HasLoaded: true } && !takesOver && (order.Spec.Mode != LoadMode.Replace || !table.HasRows))
            return null;
        if (totals.Rows == 0 && order.Spec.Mode == LoadMode.Replace && table.HasRows && !share.AllowEmpty)
            throw totals.Rejects > 0 ? CommitErrors.OnlyRejects(target, totals.Rejects) : CommitErrors.WouldEmptyTable(target);

        var id = await LoadId.ComputeAsync(target, _number, share.WrittenObjects().Select(o => o.Source), cancellationToken);
        var load = new LoadRecord(id, _number, holder.RunId, order.Spec.Mode, totals.Rows, totals.Objects, totals.Bytes, order.Stamp.At);
        _next = (load, totals);
        return commit with { Load = load, Signature = share.Signature };
    }

    /// <summary>The destination answered that the commit did not land.</summary>
    public void Refused() => _sent = null;

    /// <summary>The commit landed.</summary>
    public void Committed(LoadCommit commit)
    {
        if (commit.Load is { } load)
            Landed(load, _next!.Value.Totals);
        else
            (HasLanded, Sequence) = (true, _number - 1);
    }

    // Asks the ledger for a load whose answer was lost. A newer run that did the same work has the same load id: then it is that run's load,
    // and the epoch stops this one.
    private async Task FindLandedAsync(ITableSession session, CancellationToken cancellationToken)
    {
        var sent = _sent!.Value;
        var found = await session.FindLoadAsync(sent.Load.LoadId, cancellationToken);
        _sent = null;
        if (found is null || found.RunId != holder.RunId)
            return;
        logger.LogInformation("The commit whose answer was lost had landed: load {Sequence}, rows: {Rows}.", found.Sequence, found.Rows);
        Landed(found, sent.Totals);
    }

    private void Landed(LoadRecord load, LoadTotals totals)
    {
        (HasLanded, Outcome, _sent, Sequence) = (true, new LoadOutcome(load, totals), null, load.Sequence);
        logger.LogDebug(
            "Committed load {Sequence} into {Table}: rows: {Rows}, objects: {Objects}.", load.Sequence, target.Table, load.Rows, totals.Objects);
    }

    private static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond), time.Offset);
}
