using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>What other feeds have in a table, and the loads that a feed can take over.</summary>
/// <param name="ledger">The feed's ledger.</param>
/// <param name="target">The feed and table.</param>
internal sealed class TableTakeovers(TableLedger ledger, LoadTarget target)
{
    /// <summary>Returns the ledger objects of other feeds whose loads count.</summary>
    public async Task<IReadOnlyDictionary<Guid, LedgerHeader>> ReadOthersAsync(DeltaState state, CancellationToken cancellationToken)
    {
        var others = new Dictionary<Guid, LedgerHeader>();
        foreach (var (application, transaction) in state.Transactions)
        {
            if (TableLayout.FindFeed(application) is { } feed && feed != target.FeedId
                && await ledger.ReadAsync(feed, transaction.Version, cancellationToken) is { Schema: not null } header)
            {
                others.Add(feed, header);
            }
        }
        return others;
    }

    /// <summary>
    /// Finds the loads that the feed can take over: its own before a reset, and those of feeds that the store does not have. Null if there are none.
    /// </summary>
    public TakenLedger? Find(LedgerHeader? own, IReadOnlyDictionary<Guid, LedgerHeader> others)
    {
        if (own?.Schema is not null)
            return null;
        var found = new Dictionary<LedgerUnit, (string? Schema, IReadOnlyList<LedgerSegment> Segments)>();
        foreach (var (index, retired) in (own?.Retired ?? []).Index())
            Add(target.FeedId, index + 1, retired.Totals, retired.LastSequence, retired.LastCommit, retired.Schema, retired.Segments);
        foreach (var (feed, header) in others.Where(o => target.KnownFeeds is { } known && !known.ContainsKey(o.Key)))
        {
            var last = header.Loads.Count == 0 ? header.Holder.Since : header.Loads[^1].CommittedAt;
            Add(feed, 0, header.Totals, header.Sequence, last, header.Schema, header.Segments);
        }
        if (found.Count == 0)
            return null;
        var units = LedgerUnit.Renumber(found.Keys, u => u.FeedId == target.FeedId, own?.Sequence ?? 0);
        var ordered = units.Select(u => found[u with { Offset = 0 }]).ToList();
        var schema = ordered[^1].Schema;
        return new TakenLedger(
            new LedgerTakeover(units, schema is null ? null : SchemaJson.Read(schema)), [.. ordered.SelectMany(o => o.Segments)]);

        void Add(
            Guid feed, long retired, LedgerTotals totals, long lastSequence, DateTimeOffset lastCommit, string? schema,
            IReadOnlyList<LedgerSegment> segments) => found.Add(
            new LedgerUnit(feed, target.Table, retired, totals.FirstSequence, lastSequence, totals.Loads, totals.Objects, lastCommit),
            (schema, segments));
    }
}
