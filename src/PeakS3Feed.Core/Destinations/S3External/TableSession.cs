using System.Runtime.CompilerServices;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>A session with one table on S3, for one feed. It holds no connection and no lock; what it has read may be outdated.</summary>
/// <param name="tables">The destination.</param>
/// <param name="folder">The table's folder.</param>
/// <param name="target">The feed and table.</param>
internal sealed class TableSession(ExternalTables tables, IStagingArea folder, LoadTarget target) : IFileSession
{
    private readonly DeltaLog _log = tables.GetLog(folder);
    private readonly TableLedger _ledger = new(folder, target);
    private readonly string _application = TableLayout.ApplicationId(target.FeedId);
    private DeltaState? _state;
    private (long Version, bool HasRows)? _rowsAt;

    public IColumnTypes Types { get; } = new TableTypes();

    public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec) => TablePlan.Describe(folder.Location, fit, spec);

    public FeedException? FindMisfit(LoadSpec spec)
        => _state is null ? null : TableColumns.Read(_state.Metadata, target).FindOtherPartitions(spec.PartitionBy);

    public async Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken)
    {
        var header = await ReadAsync(cancellationToken);
        if (_state is not { } state)
            return new TableSnapshot();
        var takeovers = new TableTakeovers(_ledger, target);
        var others = await takeovers.ReadOthersAsync(state, cancellationToken);
        var hasRows = await HasRowsAsync(state, cancellationToken);
        return new TableSnapshot
        {
            Exists = true,
            HasRows = hasRows,
            Columns = TableColumns.Read(state.Metadata, target).Existing,
            Ledger = header?.State,
            OtherFeeds = others.ToDictionary(o => o.Key, o => o.Value.Mode.ToString()),
            Takeover = hasRows ? takeovers.Find(header, others)?.Takeover : null,
        };
    }

    /// <remarks>
    /// Without the ledger, the log alone says which feeds have loaded; without the log, the folders of the ledgers do. A newer version of the program
    /// reads what is too new for this one, so that stays an error.
    /// </remarks>
    public async Task<TableSnapshot> InspectForResetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await InspectAsync(cancellationToken);
        }
        catch (FeedException e) when (_state is not null && e.Id is ExternalTableErrors.LedgerMissingId or ExternalTableErrors.LedgerUnreadableId)
        {
            var others = _state!.Transactions.Select(t => TableLayout.FindFeed(t.Key)).OfType<Guid>();
            return Describe(others) with { HasRows = await HasRowsAsync(_state, cancellationToken) };
        }
        catch (FeedException e) when (e.Category == FeedErrorCategory.InvalidData)
        {
            var feeds = await folder.ListAsync(TableLayout.Ledgers, cancellationToken).Select(f => TableLayout.FindFeedOfFile(f.Name)).Distinct()
                .ToListAsync(cancellationToken);
            return Describe(feeds.OfType<Guid>()) with { IsReadable = false };
        }

        TableSnapshot Describe(IEnumerable<Guid> feeds)
            => new() { Exists = true, OtherFeeds = feeds.Where(f => f != target.FeedId).ToDictionary(f => f, _ => "") };
    }

    public async IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
        string bucket, string from, LedgerTakeover? takeover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var header = await ReadAsync(cancellationToken);
        var segments = header?.Segments ?? [];
        if (takeover is not null && _state is { } state)
        {
            var takeovers = new TableTakeovers(_ledger, target);
            segments = takeovers.Find(header, await takeovers.ReadOthersAsync(state, cancellationToken))?.Segments ?? [];
        }
        await foreach (var entry in _ledger.ReadEntriesAsync(segments, bucket, cancellationToken))
            yield return entry;
    }

    public async IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        if (_state is not { } state)
            yield break;
        var others = await new TableTakeovers(_ledger, target).ReadOthersAsync(state, cancellationToken);
        var names = new LoadedFileNames(folder, _log, _ledger, target);
        await foreach (var name in names.ReadAsync(state, others, bucket, cancellationToken))
            yield return name;
    }

    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
        => (await ReadAsync(cancellationToken))?.Loads.LastOrDefault(l => l.LoadId == loadId); // nobody asks for an older one

    public async Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
        => await _ledger.FindLoadsAsync(await ReadAsync(cancellationToken), l => l.RunId == runId, cancellationToken)
            .Reverse().ToListAsync(cancellationToken);

    public async Task<long> CountRowsAsync(CancellationToken cancellationToken)
    {
        _state = await _log.ReadAsync(_state, cancellationToken);
        return _state is null ? 0 : await new TableRows(folder, _log).CountAsync(_state, cancellationToken);
    }

    public IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, CancellationToken cancellationToken)
        => new TableRowReader(tables, folder, _log, target).ReadAsync(selection, cancellationToken);

    /// <summary>Reads the ledger and writes nothing to it: each commit states the load that it follows, and only one can follow it.</summary>
    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        var header = await ReadAsync(cancellationToken);
        await new TableUpkeep(tables, folder, _log).RepairAsync(cancellationToken);
        return new(header?.State, header?.Epoch ?? 0);
    }

    public Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
        => new TableReset(tables, folder, _log, _ledger, target).RunAsync(dropTable, cancellationToken);

    public Task<CommitResult> CommitAsync(StagedLoad files, LoadCommit commit, CancellationToken cancellationToken)
        => new TableCommit(tables, folder, _log, _ledger, target, commit).RunAsync(_state, files, cancellationToken);

    // Calls to S3 are repeated for some seconds. An outage that lasts longer is waited for here, as for that of a database; a local folder has none.
    public FaultKind Classify(Exception exception)
        => exception is FeedException { InnerException: { } inner } && folder.Location.StartsWith("s3://", StringComparison.Ordinal)
            && ServiceFailure.From(inner).IsTransient
            ? FaultKind.Transient
            : FaultKind.Unknown;

    public Exception Translate(Exception exception) => exception;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A run inspects the table several times, most of them without a commit in between.
    private async Task<bool> HasRowsAsync(DeltaState state, CancellationToken cancellationToken)
    {
        if (_rowsAt?.Version != state.Version)
        {
            var files = _log.ReadFilesAsync(state, cancellationToken);
            _rowsAt = (state.Version, await files.AnyAsync(f => DeltaStatistics.Read(f.Stats, []).Rows != 0, cancellationToken));
        }
        return _rowsAt.Value.HasRows;
    }

    private async Task<LedgerHeader?> ReadAsync(CancellationToken cancellationToken)
    {
        _state = await _log.ReadAsync(_state, cancellationToken);
        return await _ledger.ReadAsync(_state?.FindTransaction(_application) ?? 0, cancellationToken);
    }
}
