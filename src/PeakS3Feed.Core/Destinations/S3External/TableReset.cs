using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Retires what the ledger of a feed has in a table, or drops the table.</summary>
internal sealed class TableReset(ExternalTables tables, IStagingArea folder, DeltaLog log, TableLedger ledger, LoadTarget target)
{
    private const int DeletedAtOnce = 1000;

    /// <summary>Retires the loads, in a commit of its own. With <paramref name="dropTable"/>, deletes the table.</summary>
    public async Task RunAsync(bool dropTable, CancellationToken cancellationToken)
    {
        try
        {
            // Before a drop, too: a run in progress that has not sent its commit yet stops.
            await RetireAsync(cancellationToken);
        }
        catch (FeedException e) when (dropTable)
        {
            tables.Logger.LogInformation(
                "The log of {Table} cannot be read or written; the table is dropped as it is: {Reason}", folder.Location, e.Message);
        }
        if (dropTable)
            await DropAsync(cancellationToken);
    }

    private async Task RetireAsync(CancellationToken cancellationToken)
    {
        var application = TableLayout.ApplicationId(target.FeedId);
        while (await log.ReadAsync(null, cancellationToken) is { } state
            && await ledger.ReadAsync(state.FindTransaction(application) ?? 0, cancellationToken) is { Schema: not null } before)
        {
            // An object of another round describes another state, so each round has an attempt of its own.
            var (now, attempt) = (tables.Time.GetUtcNow(), Guid.NewGuid());
            var last = before.Loads.Count == 0 ? before.Holder.Since : before.Loads[^1].CommittedAt;
            var after = await ledger.AddAsync(
                target.FeedId,
                before with
                {
                    Number = before.Number + 1, Predecessor = before.Number, Attempt = attempt, Epoch = before.Epoch + 1, Schema = null,
                    Signature = null, Loads = [], Earlier = 0, Totals = new(), Segments = [],
                    Retired = [.. before.Retired, new RetiredLedger(before.Totals, before.Sequence, last, before.Schema, before.Segments)],
                },
                cancellationToken);
            var result = await log.TryCommitAsync(
                state.Version + 1, attempt,
                [
                    new DeltaCommitInfo("RESET FEED")
                    {
                        Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["feed"] = target.FeedName },
                    },
                    new DeltaTransaction(application, after.Number, now.ToUnixTimeMilliseconds()),
                ],
                cancellationToken);
            if (result is DeltaCommitted)
                return;
        }
    }

    // The newest entries of the log go first, so that what is left is an earlier version of the table, with the ledger of that version. If the
    // process ends in between, the log may have a gap, which every reader reports; the next reset deletes the rest.
    private async Task DropAsync(CancellationToken cancellationToken)
    {
        await folder.DeleteAsync([DeltaLogNames.LastCheckpoint], cancellationToken);
        var entries = await folder.ListAfterAsync(DeltaLogNames.Folder, "", cancellationToken).Select(f => f.Name).ToListAsync(cancellationToken);
        entries.Reverse();
        foreach (var some in entries.Chunk(DeletedAtOnce))
            await folder.DeleteAsync(some, cancellationToken);
        foreach (var some in await folder.ListAsync("", cancellationToken).Select(f => f.Name).Chunk(DeletedAtOnce).ToListAsync(cancellationToken))
            await folder.DeleteAsync(some, cancellationToken);
    }
}
