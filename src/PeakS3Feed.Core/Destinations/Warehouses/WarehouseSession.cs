using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>A session with a warehouse, for one feed and table.</summary>
internal sealed class WarehouseSession : IDirectSession
{
    // A service may run a COPY twice whose answer was lost. After so many, the check of the commit says that the number of rows differs.
    private const int MaxCopies = 3;

    private readonly WarehouseEngine _engine;
    private readonly WarehouseParts _parts;
    private readonly LoadTarget _target;
    private readonly WarehouseDialect _dialect;
    private readonly WarehouseNames _names;
    private readonly WarehouseLedger _ledger;
    private readonly HashSet<string> _existing = new(StringComparer.Ordinal); // of the ledger's tables, which nobody drops
    private readonly HashSet<string> _small = new(StringComparer.Ordinal); // the columns that stay too small, once it is logged
    private FeedSchema? _recorded; // the ledger's columns, as they were inspected last

    public WarehouseSession(WarehouseEngine engine, LoadTarget target)
    {
        (_engine, _parts, _target, _dialect) = (engine, engine.Parts, target, engine.Parts.Dialect);
        _names = _parts.Names(target);
        _ledger = engine.Ledger(_names, target);
    }

    public IColumnTypes Types => _dialect;

    private string TargetName => _dialect.Fold(_target.Table);

    private IWarehouseChannel Channel => _engine.Channel;

    public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec)
    {
        var tables = _engine.Tables(_target);
        List<string> steps = [];
        foreach (var change in fit.Changes)
        {
            if (tables.Statement(change, longest: null) is { } statement)
                steps.Add(statement);
            else if (change is TakeOverLedger takeover)
                steps.Add($"-- the ledger takes over {takeover.Takeover.Describe(takeover.Feed)}: they are not loaded again");
            else if (change is RenameColumn rename)
                steps.Add(CommitScript.Rename(_dialect, _dialect.Table(_target.Table), rename));
        }
        const string StagedRows = "<STAGED_ROWS>";
        steps.AddRange(fit.Changes.OfType<CreateTable>().Select(_ => _engine.Tables(_target).NoteOnSizes).OfType<string>());
        var columns = spec.Schema.Columns.Select(c => _dialect.Column(c.Name));
        steps.AddRange(spec.Direct is { } form
            ? _engine.Copy.DescribeObjects(StagedRows, columns, form, $"{_names.Stages}/<load>/")
            : _engine.Copy.Describe(StagedRows, [WarehouseNames.Ordinal, WarehouseNames.Row, .. columns], $"{_names.Stages}/<load>/"));
        var placeholders = CommitTables.From(_dialect, _names, _target.Table, StagedRows, "<COMMIT_RECORDS>");
        var rows = _parts.Syntax.Rows(placeholders, _dialect, spec, spec.Schema);
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
        string bucket, string from, LedgerTakeover? takeover, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(WarehouseNames.Files, cancellationToken))
            yield break;
        await foreach (var entry in _ledger.ReadEntriesAsync(bucket, from, takeover, cancellationToken))
            yield return entry;
    }

    public async IAsyncEnumerable<string> ReadLoadedFilesAsync(
        string bucket, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hasLedger = await ExistsAsync(WarehouseNames.Loads, cancellationToken);
        await foreach (var file in _ledger.ReadLoadedFilesAsync(bucket, hasLedger, cancellationToken))
            yield return file;
    }

    public async Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        await Channel.SettleAsync(cancellationToken);
        if (!await ExistsAsync(_names.Lock, cancellationToken))
            return null;
        // A transaction of this feed that is in progress holds the lock until its end.
        await Channel.RunAsync(new([.. _parts.Syntax.Lock([_dialect.Table(_names.Lock)])]), cancellationToken);
        return (await _ledger.ReadLoadsAsync("load_id", loadId, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken)
        => await ExistsAsync(WarehouseNames.Loads, cancellationToken)
            ? await _ledger.ReadLoadsAsync("run_id", runId.ToString("D"), cancellationToken)
            : [];

    public async Task<LedgerCounts?> CountLedgerAsync(CancellationToken cancellationToken)
        => await ExistsAsync(WarehouseNames.Loads, cancellationToken) ? await _ledger.CountAsync(cancellationToken) : null;

    public Task<long> CountRowsAsync(CancellationToken cancellationToken) => _ledger.CountAsync(_target.Table, cancellationToken);

    public async IAsyncEnumerable<TableRow> ReadRowsAsync(
        RowSelection selection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = (await _engine.Catalog.ReadAsync([TargetName], cancellationToken)).GetValueOrDefault(TargetName);
        var snapshot = new TableSnapshot { Exists = table is not null, Columns = table?.Columns ?? [] };
        var columns = SelectedColumns.From(snapshot, _dialect, selection, _target);
        var sql = SqlRowQuery.Write(_dialect.Table(_target.Table), columns, selection, (name, _) => ":" + name);
        await foreach (var row in Channel.QueryAsync(new(sql, SqlRowQuery.Values(selection)), cancellationToken))
            yield return new(columns.Names, [.. row.Select((text, i) => text is null ? null : Value(text, i))]);

        object Value(string text, int i) => _dialect.ReadValue(text, columns.All[i], columns.Known[i]);
    }

    public async Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
    {
        if (!_names.Ledger.All(Knows))
            await ReadExistingAsync(cancellationToken);
        return await Claims.ClaimAsync(holder, mode, hasLedger: _names.Ledger.All(Knows), cancellationToken);
    }

    public async Task ResetAsync(bool dropTable, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(_names.Lock, cancellationToken))
            await Claims.ResetAsync(dropTable, cancellationToken);
        else if (dropTable)
            await _engine.DropAsync(_target.Table, cancellationToken);
    }

    public async Task<IReadOnlyList<RefusedStagedRow>> CopyAsync(StagedLoad files, LoadOrder order, CancellationToken cancellationToken)
    {
        var stage = _parts.FindStage(files.Name);
        var schema = order.Spec.Schema;
        var existing = (await _engine.Catalog.ReadAsync([TargetName], cancellationToken)).GetValueOrDefault(TargetName)?.Columns ?? [];
        var inTable = NameAsInTable(schema, existing);
        int Longest(FeedColumn column) => stage.Files.LongestText(inTable.Columns.Index().First(c => c.Item == column).Index);
        existing = await _engine.Tables(_target).MakeRoomAsync(existing, inTable, Longest, isRefused: false, LogSmallColumn, cancellationToken);
        var mayGrow = true;
        for (var tries = 1; ; tries++)
        {
            var table = _names.StageTable(files.Name, stage.NextAttempt(), "rows", _parts.Time.GetUtcNow());
            stage.Tables.Add(table);
            var columns = schema.Columns.Zip(inTable.Columns, (c, t) => (c, Find(existing, t.Name)?.Type ?? _dialect.NewType(t, Longest(t))));
            var refused = await _engine.Copy.CopyRowsAsync(table, stage.Files, files.Parts, [.. columns], cancellationToken);
            if (refused.Count == 0 && (tries == MaxCopies || await _ledger.CountAsync(table, cancellationToken) == files.Rows))
            {
                stage.RowsTable = table;
                return [];
            }
            await _engine.DropAsync(table, cancellationToken);
            stage.Tables.Remove(table);
            if (refused.Count > 0 && mayGrow)
            {
                mayGrow = false;
                var before = existing;
                existing = await _engine.Tables(_target).MakeRoomAsync(before, inTable, Longest, isRefused: true, LogSmallColumn, cancellationToken);
                if (!existing.SequenceEqual(before))
                    continue;
            }
            if (refused.Count > 0)
                return refused;
            _parts.Logger.LogInformation("A COPY ran twice, because its answer was lost and the service forgot its token. It is done again.");
        }
    }

    public Task<long> CopyDirectAsync(LoadName name, DirectFiles files, LoadOrder order, CancellationToken cancellationToken)
        => new DirectRows(_engine, _names, _target, NameAsInTable, LogSmallColumn).CopyAsync(name, files, order.Spec.Schema, cancellationToken);

    public Task<CommitResult> CommitAsync(StagedLoad files, LoadCommit commit, CancellationToken cancellationToken)
        => new WarehouseCommit(_engine, _names, _target)
            .RunAsync(_parts.FindStage(files.Name), files.Name, commit, cancellationToken);

    public FaultKind Classify(Exception exception) => Channel.Classify(exception);

    public Exception Translate(Exception exception) => _engine.Translate(exception, _target);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private WarehouseClaims Claims => new(_engine, _names, _target);

    private bool Knows(string table) => _existing.Contains(_dialect.Fold(table));

    private async Task<bool> ExistsAsync(string table, CancellationToken cancellationToken)
    {
        if (!Knows(table))
            await ReadExistingAsync(cancellationToken);
        return Knows(table);
    }

    private async Task ReadExistingAsync(CancellationToken cancellationToken)
        => _existing.UnionWith((await _engine.Catalog.ReadAsync(_names.Ledger, cancellationToken)).Keys);

    private async Task<TableSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var tables = await _engine.Catalog.ReadAsync([TargetName, .. _names.Ledger], cancellationToken);
        _existing.UnionWith(_names.Ledger.Select(_dialect.Fold).Where(tables.ContainsKey));
        var table = tables.GetValueOrDefault(TargetName);
        if (table is { IsTable: false })
            throw TableErrors.NotATable(_target, table.Kind.Trim().ToLowerInvariant());
        var (state, hasRows) = Knows(_names.Lock)
            ? await _ledger.ReadStateAsync(readsTarget: table is not null, cancellationToken)
            : (null, table is not null && await _ledger.HasRowsAsync(cancellationToken));
        var snapshot = new TableSnapshot { Exists = table is not null, HasRows = hasRows, Columns = table?.Columns ?? [], Ledger = state };
        if (!Knows(WarehouseNames.Loads))
            return snapshot;
        return snapshot with
        {
            OtherFeeds = await _ledger.ReadOtherFeedsAsync(cancellationToken),
            Takeover = hasRows && state is not { HasLoaded: true }
                ? await new WarehouseTakeovers(Channel, _engine.Catalog, _dialect, _target).FindAsync(snapshot.Columns, state, cancellationToken)
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

    // Once, although each COPY tries again.
    private void LogSmallColumn(TableColumn column, string why)
    {
        if (_small.Add(column.Name))
        {
            _parts.Logger.LogWarning(
                "Column {Column} of {Table} stays {Type}, and larger values are rejected: {Reason}", column.Name, _target.Table, column.Type, why);
        }
    }
}
