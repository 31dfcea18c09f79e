using System.Globalization;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Deletes the files of a table that no reader and no run can still need: data files that no version within the retention refers to, and files of
/// ledgers that newer ones have replaced.
/// </summary>
/// <param name="tables">The destination.</param>
/// <param name="folder">The table's folder.</param>
/// <param name="target">The feed and table.</param>
internal sealed class TableVacuum(ExternalTables tables, IStagingArea folder, LoadTarget target)
{
    private const int DeletedAtOnce = 1000;
    private const int NumberDigits = 20;

    private readonly DeltaLog _log = tables.GetLog(folder);
    private readonly TableLedger _ledger = new(folder, target);

    /// <summary>Deletes files that were written or removed before a time.</summary>
    /// <param name="olderThan">The minimum age.</param>
    /// <param name="dryRun">Whether the files are only counted.</param>
    /// <param name="cancellationToken">Stops between two requests.</param>
    public async Task<TableVacuumResult> RunAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        if (await _log.ReadAsync(null, cancellationToken) is not { } state)
            return new TableVacuumResult(0, 0);
        var before = tables.Time.GetUtcNow() - olderThan;
        var data = await DeleteAsync(_log.FindUnreferencedAsync(state, before, cancellationToken), dryRun, cancellationToken);
        var ledger = await DeleteAsync(FindLedgerFilesAsync(state, before, cancellationToken), dryRun, cancellationToken);
        return new TableVacuumResult(data.Files, data.Bytes) { LedgerFilesRemoved = ledger.Files, LedgerBytesRemoved = ledger.Bytes };
    }

    private async Task<(long Files, long Bytes)> DeleteAsync(IAsyncEnumerable<StagedFile> unused, bool dryRun, CancellationToken cancellationToken)
    {
        long files = 0, bytes = 0;
        await foreach (var some in unused.Chunk(DeletedAtOnce).WithCancellation(cancellationToken))
        {
            if (!dryRun)
                await folder.DeleteAsync([.. some.Select(f => f.Name)], cancellationToken);
            files += some.Length;
            bytes += some.Sum(f => f.Bytes);
        }
        return (files, bytes);
    }

    // Files with a number above the one that counts may belong to a run in progress, so that their age does not matter.
    private async IAsyncEnumerable<StagedFile> FindLedgerFilesAsync(
        DeltaState state, DateTimeOffset before, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (application, transaction) in state.Transactions)
        {
            if (TableLayout.FindFeed(application) is not { } feed
                || await _ledger.ReadAsync(feed, transaction.Version, cancellationToken) is not { } header)
            {
                continue;
            }
            var used = header.Segments.Concat(header.Retired.SelectMany(r => r.Segments)).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
            used.Add(TableLayout.LedgerEntry(feed, header.Number));
            await foreach (var file in folder.ListAsync(TableLayout.Ledger(feed), cancellationToken))
            {
                if (file.WrittenAt < before && !used.Contains(file.Name) && GetNumber(file.Name, feed) <= header.Number)
                    yield return file;
            }
        }
    }

    // 0 for a file without a number: the probe of a run that died.
    private static long GetNumber(string name, Guid feed)
    {
        var rest = name.AsSpan(TableLayout.Ledger(feed).Length);
        return rest.Length > NumberDigits && long.TryParse(rest[..NumberDigits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
    }
}
