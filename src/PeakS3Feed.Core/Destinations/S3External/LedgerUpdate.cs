using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Writes the ledger object of a commit, before the commit.</summary>
/// <param name="ledger">The feed's ledger.</param>
/// <param name="target">The feed and table.</param>
/// <param name="commit">The commit.</param>
/// <param name="attempt">The attempt.</param>
internal sealed class LedgerUpdate(TableLedger ledger, LoadTarget target, LoadCommit commit, Guid attempt)
{
    private readonly LoadMode _mode = commit.Order.Spec.Mode;

    /// <summary>Writes the object. It counts once the log names its number.</summary>
    /// <param name="before">The object that counts now; null for none.</param>
    /// <param name="taken">The loads that the commit takes over, with the ledger objects that have them; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<LedgerHeader> WriteAsync(LedgerHeader? before, TakenLedger? taken, CancellationToken cancellationToken)
    {
        var number = (before?.Number ?? 0) + 1;
        var after = new LedgerHeader
        {
            Number = number,
            Predecessor = before?.Number ?? 0,
            Attempt = attempt,
            Holder = commit.Order.Holder,
            Sequence = before?.Sequence ?? 0,
            Epoch = before?.Epoch ?? 0,
            Mode = _mode,
            Schema = SchemaJson.Write(commit.Schema),
            Signature = commit.Signature,
            Loads = before is { Schema: not null } ? before.Loads : [],
            Earlier = before is { Schema: not null } ? before.Earlier : 0,
            Totals = before?.Totals ?? new(),
            Segments = before?.Segments ?? [],
            Retired = before?.Retired ?? [],
        };
        if (taken is not null)
            after = await TakeOverAsync(after, taken, cancellationToken);
        if (commit.Preparation.Assumed is { } assumed)
            after = await AddAsync(after, assumed.Load, assumed.Files(), cancellationToken);
        if (_mode == LoadMode.Replace)
            after = after with { Segments = [], Retired = [], Totals = after.Totals with { Objects = 0 } };
        if (commit.Load is { } load)
            after = await AddAsync(after, load, commit.Files().Select(f => f.Source), cancellationToken);
        after = after with { Segments = await ledger.CompactAsync(number, after.Segments, cancellationToken) };
        return await ledger.AddAsync(target.FeedId, after, cancellationToken);
    }

    private async Task<LedgerHeader> AddAsync(
        LedgerHeader header, LoadRecord load, IAsyncEnumerable<SourceObject> objects, CancellationToken cancellationToken) => header.With(load) with
        {
            Segments = [.. header.Segments, .. await ledger.WriteObjectsAsync(header.Number, load.Sequence, objects, cancellationToken)],
        };

    // The files are written again, because those of another feed may be deleted by its own runs.
    private async Task<LedgerHeader> TakeOverAsync(LedgerHeader header, TakenLedger taken, CancellationToken cancellationToken) => header with
    {
        Sequence = taken.Takeover.Sequence,
        Totals = new LedgerTotals(
            taken.Takeover.Units.Sum(u => u.Loads), taken.Takeover.Objects, taken.Takeover.Units.Min(u => u.Offset + u.FirstSequence)),
        Segments = taken.Segments.Count == 0 ? [] : [await ledger.MergeAsync(header.Number, taken.Segments, cancellationToken)],
        Retired = [],
    };
}

/// <summary>Loads that a feed takes over.</summary>
/// <param name="Takeover">The loads.</param>
/// <param name="Segments">The files that list their objects, in the order in which they count.</param>
internal sealed record TakenLedger(LedgerTakeover Takeover, IReadOnlyList<LedgerSegment> Segments);
