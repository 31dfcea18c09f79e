using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// Walks a listing and the ledgers of the feed's destinations side by side. All are in the order of the keys' bytes, so that none is
/// held.
/// </summary>
internal static class ListingMerge
{
    /// <summary>Each listed object with what each ledger has of its key, or null. The array is the same for all objects.</summary>
    public static async IAsyncEnumerable<(SourceObject Listed, LedgerEntry?[] Loaded)> JoinAsync(
        IAsyncEnumerable<SourceObject> listing, IReadOnlyList<IAsyncEnumerable<LedgerEntry>> ledgers,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var loaded = new LedgerEntry?[ledgers.Count];
        List<Cursor> cursors = [];
        try
        {
            foreach (var ledger in ledgers)
                cursors.Add(await Cursor.OpenAsync(ledger.GetAsyncEnumerator(cancellationToken)));
            await foreach (var item in listing.WithCancellation(cancellationToken))
            {
                for (var i = 0; i < loaded.Length; i++)
                    loaded[i] = await cursors[i].FindAsync(item.Key);
                yield return (item, loaded);
            }
        }
        finally
        {
            foreach (var cursor in cursors)
                await cursor.DisposeAsync();
        }
    }

    private sealed class Cursor(IAsyncEnumerator<LedgerEntry> entries) : IAsyncDisposable
    {
        private bool _more;

        public static async Task<Cursor> OpenAsync(IAsyncEnumerator<LedgerEntry> entries)
        {
            var cursor = new Cursor(entries);
            try
            {
                cursor._more = await entries.MoveNextAsync();
                return cursor;
            }
            catch
            {
                await cursor.DisposeAsync();
                throw;
            }
        }

        /// <summary>The entry of a key, or null. Keys are asked for in ascending order.</summary>
        public async ValueTask<LedgerEntry?> FindAsync(string key)
        {
            var order = -1;
            while (_more && (order = KeyOrder.Instance.Compare(entries.Current.Key, key)) < 0)
                _more = await entries.MoveNextAsync();
            return _more && order == 0 ? entries.Current : null;
        }

        public ValueTask DisposeAsync() => entries.DisposeAsync();
    }
}
