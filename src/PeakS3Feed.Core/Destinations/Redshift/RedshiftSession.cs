using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>A session with a warehouse, for one feed and table.</summary>
internal sealed class RedshiftSession : IFileSession
{
    // The Data API may run a COPY twice whose answer was lost. After so many, the check of the commit says that the number of rows differs.
    private const int MaxCopies = 3;

    private readonly IRedshiftChannel _channel;
    private readonly RedshiftParts _parts;
    private readonly LoadTarget _target;
    private readonly RedshiftDialect _dialect;
    private readonly RedshiftNames _names;
    private readonly RedshiftCatalog _catalog;
    private readonly RedshiftLedger _ledger;
    private readonly HashSet<string> _existing = new(StringComparer.Ordinal); // of the ledger's tables, which nobody drops
    private FeedSchema? _recorded; // the ledger's columns, as they were inspected last

    public RedshiftSession(IRedshiftChannel channel, RedshiftParts parts, RedshiftNames names, LoadTarget target)
    {
        (_channel, _parts, _names, _target, _dialect) = (channel, parts, names, target, parts.Dialect);
        _catalog = new RedshiftCatalog(channel, _dialect);
        _ledger = new RedshiftLedger(channel, _dialect, names, target);
    }

    public IColumnTypes Types => _dialect;

    private string TargetName => RedshiftDialect.Fold(_target.Table);

    public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec)
    {
        var tables = _parts.Tables(_channel, _target);
        List<string> steps = [];
        foreach (var change in fit.Changes)
        {
            if (tables.Statement(change, longest: null) is { } statement)
                steps.Add(statement);
            else if (change is TakeOverLedger takeover)
                steps.Add($"-- the ledger takes over {takeover.Takeover.Describe(takeover.Feed)}: they are not loaded again");
            else if (change is RenameColumn rename)
                steps.Add(CommitScript.Rename(_dialect.Table(_target.Table), rename));
        }
        if (fit.Changes.OfType<CreateTable>().Any())
            steps.Add("-- each VARCHAR gets a size of about twice its longest value in the first load: VARCHAR(256) to VARCHAR(65535)");
        const string StagedRows = "<STAGED_ROWS>";
        steps.Add("-- the rows are staged as gzip CSV files, which a manifest names; <commit_records> has the load, its objects and the run");
        steps.Add(_parts.Copy(_channel).Copy(
            StagedRows, [RedshiftNames.Ordinal, RedshiftNames.Row, .. spec.Schema.Columns.Select(c => RedshiftDialect.Column(c.Name))],
            $"{_names.Stages}/<load>/<manifest>", "<null>"));
        var placeholders = CommitTables.From(_dialect, _names, _target.Table, StagedRows, "<COMMIT_RECORDS>");
        var rows = new RowStatements(placeholders, spec, spec.Schema);
        if (spec.Mode == LoadMode.Replace)
            steps.Add(rows.DeleteAll);
        if (spec.DeleteEarlierVersions)
            steps.Add(rows.DeleteEarlier);
        steps.AddRange(rows.Insert(CommitStep.Applied).Select(s => s.Sql));
        return steps;
    }

    public async Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken)
    {
        // A load that commits between the reading of the catalog and that of the ledger has created the table in the meantime: the catalog is read
        // again.
        TableSnapshot table;
        var tries = 0;
        do
            table = await ReadAsync(cancellationToken);
        while (!table.Exists && table.Ledger is { HasLoaded: true } && ++tries < 2);
        _recorded = table.Ledger?.Schema ?? table.Takeover?.Schema;
        return table;
    }

    public async IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
        string bucket, LedgerTakeover? takeover, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(RedshiftNames.Files, cancellationToken))
            yield break;
        await foreach (var entry in _ledger.ReadEntriesAsync(bucket, takeover, cancellationToken))
            yield return entry;
    }

    public async IAsyncEnumerable<string> ReadLoadedFilesAsync(
        string bucket, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hasLedger = await ExistsAsync(RedshiftNames.Loads, cancellationToken);
        await foreach (var file in _ledger.ReadLoadedFilesAsync(bucket, hasLedger, cancellationToken))
            yield return file;
    }

    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        await _channel.SettleAsync(cancellationToken);
        if (!await ExistsAsync(_names.Lock, cancellationToken))
            return null;
        // A transaction of this feed that is in progress holds the lock until its end.
        await _channel.RunAsync(new([new("lock", $"LOCK {_dialect.Table(_names.Lock)}")]), cancellationToken);
        return (await _ledger.ReadLoadsAsync("load_id", loadId, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
        => await ExistsAsync(RedshiftNames.Loads, cancellationToken)
            ? await _ledger.ReadLoadsAsync("run_id", runId.ToString("D"), cancellationToken)
            : [];

    public async Task<LedgerCounts?> CountLedgerAsync(CancellationToken cancellationToken)
        => await ExistsAsync(RedshiftNames.Loads, cancellationToken) ? await _ledger.CountAsync(cancellationToken) : null;

    public Task<long> CountRowsAsync(CancellationToken cancellationToken) => _ledger.CountAsync(_target.Table, cancellationToken);

    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        if (!_names.Ledger.All(_existing.Contains))
            await ReadExistingAsync(cancellationToken);
        return await Claims.ClaimAsync(holder, mode, hasLedger: _names.Ledger.All(_existing.Contains), cancellationToken);
    }

    public async Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(_names.Lock, cancellationToken))
            await Claims.ResetAsync(dropTable, cancellationToken);
        else if (dropTable)
            await _channel.ExecuteAsync(new($"DROP TABLE IF EXISTS {_dialect.Table(_target.Table)}"), cancellationToken);
    }

    public async Task<IReadOnlyList<RefusedStagedRow>> CopyAsync(StagedLoad files, LoadOrder order, CancellationToken cancellationToken)
    {
        var stage = _parts.FindStage(files.Name);
        var schema = order.Spec.Schema;
        var existing = (await _catalog.ReadAsync([TargetName], cancellationToken)).GetValueOrDefault(TargetName)?.Columns ?? [];
        var inTable = NameAsInTable(schema, existing);
        int Longest(FeedColumn column) => stage.Files.LongestText(inTable.Columns.Index().First(c => c.Item == column).Index);
        existing = await _parts.Tables(_channel, _target).MakeRoomAsync(existing, inTable, Longest, LogSmallColumn, cancellationToken);
        var columns = schema.Columns.Zip(inTable.Columns, (c, t) => (c, Find(existing, t.Name)?.Type ?? _dialect.NewType(t, Longest(t))));
        for (var tries = 1; ; tries++)
        {
            var table = _names.StageTable(files.Name, stage.NextAttempt(), "rows", _parts.Time.GetUtcNow());
            stage.Tables.Add(table);
            var refused = await _parts.Copy(_channel).CopyRowsAsync(table, stage.Files, files.Parts, [.. columns], cancellationToken);
            if (refused.Count == 0 && (tries == MaxCopies || await _ledger.CountAsync(table, cancellationToken) == files.Rows))
            {
                stage.RowsTable = table;
                return [];
            }
            await _channel.ExecuteAsync(new($"DROP TABLE IF EXISTS {_dialect.Table(table)}"), cancellationToken);
            stage.Tables.Remove(table);
            if (refused.Count > 0)
                return refused;
            _parts.Logger.LogInformation("A COPY ran twice, because its answer was lost and the service forgot its token. It is done again.");
        }
    }

    public Task<CommitResult> CommitAsync(StagedLoad files, LoadCommit commit, CancellationToken cancellationToken)
        => new RedshiftCommit(_channel, _parts, _names, _target, _ledger)
            .RunAsync(_parts.FindStage(files.Name), files.Name, commit, cancellationToken);

    public FaultKind Classify(Exception exception) => exception is NullTokenInDataException ? FaultKind.Transient : _channel.Classify(exception);

    public Exception Translate(Exception exception) => _parts.Errors.Translate(exception, _target);

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private RedshiftClaims Claims => new(_channel, _dialect, _names, _target, _ledger, _parts.Time);

    private async Task<bool> ExistsAsync(string table, CancellationToken cancellationToken)
    {
        if (!_existing.Contains(table))
            await ReadExistingAsync(cancellationToken);
        return _existing.Contains(table);
    }

    private async Task ReadExistingAsync(CancellationToken cancellationToken)
        => _existing.UnionWith((await _catalog.ReadAsync(_names.Ledger, cancellationToken)).Keys);

    private async Task<TableSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var tables = await _catalog.ReadAsync([TargetName, .. _names.Ledger], cancellationToken);
        _existing.UnionWith(_names.Ledger.Where(tables.ContainsKey));
        var table = tables.GetValueOrDefault(TargetName);
        if (table is { IsTable: false })
            throw TableErrors.NotATable(_target, table.Kind.Trim().ToLowerInvariant());
        var (state, hasRows) = tables.ContainsKey(_names.Lock)
            ? await _ledger.ReadStateAsync(readsTarget: table is not null, cancellationToken)
            : (null, table is not null && await _ledger.HasRowsAsync(cancellationToken));
        var snapshot = new TableSnapshot { Exists = table is not null, HasRows = hasRows, Columns = table?.Columns ?? [], Ledger = state };
        if (!tables.ContainsKey(RedshiftNames.Loads))
            return snapshot;
        return snapshot with
        {
            OtherFeeds = await _ledger.ReadOtherFeedsAsync(cancellationToken),
            Takeover = hasRows && state is not { HasLoaded: true }
                ? await new RedshiftTakeovers(_channel, _dialect, _target).FindAsync(snapshot.Columns, state, cancellationToken)
                : null,
        };
    }

    // A column that the commit will rename still has the name that the ledger has recorded.
    private FeedSchema NameAsInTable(FeedSchema schema, IReadOnlyList<TableColumn> existing) => new(schema.Columns.Select(
        c => c.Field.Length > 0 && _recorded?.FindField(c.Field) is { } recorded && Find(existing, recorded.Name) is not null
            ? c with { Name = recorded.Name }
            : c));

    private TableColumn? Find(IReadOnlyList<TableColumn> columns, string name)
        => columns.FirstOrDefault(c => _dialect.NameComparer.Equals(c.Name, name));

    private void LogSmallColumn(TableColumn column, string why) => _parts.Logger.LogWarning(
        "Column {Column} of {Table} stays {Type}, and longer values are rejected: {Reason}", column.Name, _target.Table, column.Type, why);
}
