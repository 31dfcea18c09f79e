using System.Runtime.CompilerServices;

namespace PeakS3Feed.Sources;

/// <summary>Items that are read up to the first one before the caller asks for it. What goes wrong is thrown when the caller does.</summary>
internal sealed class BegunItems<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly IAsyncEnumerator<T> _items;
    private readonly Task<bool> _first;

    /// <summary>Begins to read.</summary>
    /// <param name="read">Reads the items. The token stops it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public BegunItems(Func<CancellationToken, IAsyncEnumerable<T>> read, CancellationToken cancellationToken)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _items = read(_stopping.Token).GetAsyncEnumerator(CancellationToken.None);
        _first = Task.Run(async () => await _items.MoveNextAsync(), CancellationToken.None);
    }

    /// <summary>Returns all items. Can be called once.</summary>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static stopping => ((CancellationTokenSource)stopping!).Cancel(), _stopping);
        for (var isMore = await _first; isMore; isMore = await _items.MoveNextAsync())
            yield return _items.Current;
    }

    /// <summary>Stops reading, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await ((Task)_first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _items.DisposeAsync();
        _stopping.Dispose();
    }
}
