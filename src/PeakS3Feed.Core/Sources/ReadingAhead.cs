using System.Runtime.CompilerServices;

namespace PeakS3Feed.Sources;

/// <summary>Reads items before the caller asks for them.</summary>
internal static class ReadingAhead
{
    /// <summary>
    /// Reads some items before it returns the first one. If there are no more, the source is closed before that: a caller that takes long with an
    /// item then keeps nothing open. Returns the same items in the same order.
    /// </summary>
    /// <param name="items">The source.</param>
    /// <param name="count">How many items are read first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<T> AheadAsync<T>(
        this IAsyncEnumerable<T> items, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = new Queue<T>();
        await using var source = items.GetAsyncEnumerator(cancellationToken);
        var isMore = true;
        while (first.Count < count && (isMore = await source.MoveNextAsync()))
            first.Enqueue(source.Current);
        if (!isMore)
            await source.DisposeAsync();
        while (first.TryDequeue(out var item))
            yield return item;
        while (isMore && await source.MoveNextAsync())
            yield return source.Current;
    }

    /// <summary>
    /// Prefetches one item on another thread while the caller uses the current one. Returns the same items in the same order.
    /// </summary>
    public static async IAsyncEnumerable<T> OneAheadAsync<T>(this IAsyncEnumerable<T> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = items.GetAsyncEnumerator(stop.Token);
        var next = MoveAsync();
        try
        {
            while (await next)
            {
                var item = source.Current;
                next = MoveAsync();
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<bool> MoveAsync() => Task.Run(async () => await source.MoveNextAsync(), CancellationToken.None);
    }
}
