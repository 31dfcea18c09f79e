using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// Finds loads that do not count for the feed although their rows are in its table. The audit columns say whose rows these are; without them, the
/// feed's own last loads are assumed to be those in the table.
/// </summary>
internal sealed class WarehouseTakeovers(IWarehouseChannel channel, IWarehouseCatalog catalog, WarehouseDialect dialect, LoadTarget target)
{
    private string LedgerName => dialect.LedgerName(target.Table);

    /// <summary>Returns what can be taken over, or null. May read the whole table.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="state">The ledger's state, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<LedgerTakeover?> FindAsync(IReadOnlyList<TableColumn> columns, LedgerState? state, CancellationToken cancellationToken)
    {
        var found = await FindUnitsAsync(columns, cancellationToken);
        var units = LedgerUnit.Renumber(found, IsOwn, state?.Sequence ?? 0);
        return units.Count == 0 ? null : new LedgerTakeover(units, await ReadSchemaAsync(units[^1], cancellationToken));
    }

    private async Task<List<LedgerUnit>> FindUnitsAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken)
    {
        var run = AuditColumn.RequestId.Name;
        var hasRuns = columns.Any(c => dialect.NameComparer.Equals(c.Name, run));
        var inTable = hasRuns
            ? $" LEFT JOIN (SELECT DISTINCT {dialect.Column(run)} AS run FROM {dialect.Table(target.Table)}) t ON t.run = l.run_id"
            : "";
        var query = new WarehouseStatement(
            $"""
            SELECT l.feed_id, l.table_name, l.retired, MIN(l.sequence), MAX(l.sequence), COUNT(*), SUM(l.object_count), MAX(l.committed_at),
                {(hasRuns ? "COUNT(t.run)" : "0")}, SUM(l.audited)
            FROM {dialect.Table(WarehouseNames.Loads)} l{inTable}
            WHERE (l.table_name = :table OR l.feed_id = :feed) AND NOT (l.feed_id = :feed AND l.table_name = :table AND l.retired = 0)
            GROUP BY l.feed_id, l.table_name, l.retired
            """,
            ("feed", SqlCommands.Text(target.FeedId)), ("table", LedgerName));
        var units = await channel.QueryAsync(query, cancellationToken).Select(Unit).ToListAsync(cancellationToken);
        var last = units.Where(u => IsOwn(u.Unit)).Select(u => u.Unit.Retired).DefaultIfEmpty().Max();
        return
        [
            .. units
                .Where(u => MayTakeOver(u.Unit) && (u.InTable || (!u.Audited && IsOwn(u.Unit) && u.Unit.Retired == last)))
                .Select(u => u.Unit),
        ];
    }

    private async Task<FeedSchema?> ReadSchemaAsync(LedgerUnit unit, CancellationToken cancellationToken)
    {
        var name = WarehouseNames.LockOf(unit.FeedId, unit.Table);
        var column = unit.Retired == 0 ? "schema_json" : "retired_schema_json";
        if (!(await catalog.ReadAsync([name], cancellationToken)).ContainsKey(dialect.Fold(name)))
            return null;
        await foreach (var row in channel.QueryAsync(new($"SELECT {column} FROM {dialect.Table(name)}"), cancellationToken))
            return new LedgerValues(target, name, row).Schema(column);
        return null;
    }

    private (LedgerUnit Unit, bool InTable, bool Audited) Unit(IReadOnlyList<string?> row)
    {
        var values = new LedgerValues(target, WarehouseNames.Loads, row);
        var unit = new LedgerUnit(
            values.Id("feed_id"), values.Text("table_name"), values.Number("retired"), values.Number("sequence"), values.Number("sequence"),
            values.Number("sequence"), values.Number("object_count"), values.Time("committed_at"));
        return (unit, values.Number("run_id") > 0, values.Number("audited") > 0);
    }

    private bool IsOwn(LedgerUnit unit)
        => unit.FeedId == target.FeedId && string.Equals(unit.Table, LedgerName, StringComparison.Ordinal);

    // Loads of this feed, or of a feed that the store no longer has.
    private bool MayTakeOver(LedgerUnit unit)
        => unit.FeedId == target.FeedId || (target.KnownFeeds is { } known && !known.ContainsKey(unit.FeedId));
}
