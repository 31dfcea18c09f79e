using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>Walks a listing and a ledger side by side; both are in the order of the keys' bytes, so neither is held.</summary>
internal static class ListingMerge
{
    /// <summary>Each listed object with what the ledger has of its key, or null.</summary>
    public static async IAsyncEnumerable<(SourceObject Listed, LedgerEntry? Loaded)> JoinAsync(
        IAsyncEnumerable<SourceObject> listing, IAsyncEnumerable<LedgerEntry> ledger,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var entries = ledger.GetAsyncEnumerator(cancellationToken);
        var more = await entries.MoveNextAsync();
        await foreach (var item in listing.WithCancellation(cancellationToken))
        {
            while (more && KeyOrder.Instance.Compare(entries.Current.Key, item.Key) < 0)
                more = await entries.MoveNextAsync();
            var same = more && entries.Current.Key == item.Key;
            yield return (item, same ? entries.Current : null);
        }
    }
}
