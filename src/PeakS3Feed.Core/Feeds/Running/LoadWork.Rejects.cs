using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Feeds.Running;

/// <content>The rejects of a load, and the threshold that ends it.</content>
internal sealed partial class LoadWork
{
    public async Task<IReadOnlyList<LoadTotals>> RejectAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
    {
        var all = new List<Reject>();
        foreach (var refused in rows.GroupBy(r => r.Ordinal).OrderBy(g => g.Key))
        {
            var item = _plan.File.FindOrdinal(_load, refused.Key);
            var rejects = await new RowLocator(_source, Feed, _options).LocateAsync(item.Source, _described, refused, cancellationToken);
            Tally.Refuse(rejects, item.Targets);
            all.AddRange(rejects);
        }
        _meter.AddRows(-all.Count, all.Count);
        await RejectAsync(all, isLastOfObject: true, cancellationToken);
        ThrowIfTooManyRejects();
        await _rejects.FlushAsync();
        return Totals();
    }

    private async Task RefuseAsync(LoadItem item, RowBatch batch, IReadOnlyList<RefusedRow> refused, CancellationToken cancellationToken)
    {
        IReadOnlyList<Reject> rejects =
        [
            .. refused.Select(r => new Reject(
                new SourcePosition(item.Object.Source.Uri, batch.Positions[r.Row].Line, batch.Positions[r.Row].ByteOffset), r.Reason, null)),
        ];
        Tally.Refuse(rejects, item.Object.Targets);
        _meter.AddRows(-rejects.Count, rejects.Count);
        await RejectAsync(rejects, item.IsLast, cancellationToken);
    }

    private async Task RejectAsync(IReadOnlyList<Reject> rejects, bool isLastOfObject, CancellationToken cancellationToken)
    {
        await _rejects.AddAsync(_load, rejects, cancellationToken);
        if (Feed.FailedRowThreshold is not { Percent: null } threshold || !threshold.IsExceededBy(Tally.Rejects, Tally.RowsRead))
            return;
        var all = isLastOfObject && Tally.Objects + Tally.Failed + 1 == _plan.ObjectsToLoad;
        throw FeedRunErrors.TooManyRejects(Feed, Tally.Rejects, Tally.RowsRead, Tally.FirstReject!, all);
    }

    private void ThrowIfTooManyRejects()
    {
        if (Tally.FirstReject is { } first && Feed.FailedRowThreshold.IsExceededBy(Tally.Rejects, Tally.RowsRead))
            throw FeedRunErrors.TooManyRejects(Feed, Tally.Rejects, Tally.RowsRead, first, all: true);
    }
}
