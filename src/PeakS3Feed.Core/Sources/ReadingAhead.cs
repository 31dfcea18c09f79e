using System.Runtime.CompilerServices;

namespace PeakS3Feed.Sources;

/// <summary>Prefetches one item on another thread while the caller uses the current one.</summary>
internal static class ReadingAhead
{
    /// <summary>Returns the same items in the same order.</summary>
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
