using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// Reads a listing and the ledgers of the feed's destinations in parallel. All are in the order of the keys' bytes, so none of them is kept in
/// memory.
/// </summary>
internal static class ListingMerge
{
    /// <summary>Returns each listed object with the entry of its key in each ledger, or null. All objects share one array.</summary>
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

        /// <summary>Returns the entry of a key, or null. The caller requests keys in ascending order.</summary>
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
