using System.Threading.Channels;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Returns a load's objects in loading order. It fetches small objects completely, several at a time, and opens large ones before their turn, so that
/// loading does not wait for a round trip for each of them.
/// </summary>
internal sealed class ObjectPrefetcher : IAsyncDisposable
{
    /// <summary>The maximum size of an object that is fetched completely.</summary>
    public const int SmallBytes = 1024 * 1024;

    private readonly PlanFile _plan;
    private readonly int _load;
    private readonly IObjectSource _source;
    private readonly ReadAhead _ahead;
    private readonly SemaphoreSlim _opened;
    private readonly CancellationTokenSource _stopping;
    private readonly Channel<Next> _next = Channel.CreateUnbounded<Next>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly Task _feeding;
    private AheadStream? _last;

    /// <summary>Begins to fetch.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="load">The load's number in it.</param>
    /// <param name="source">Where objects are read.</param>
    /// <param name="lanes">How many objects are read at a time; as many large ones are opened before their turn.</param>
    /// <param name="cancellationToken">Ends fetching, and what was opened.</param>
    public ObjectPrefetcher(PlanFile plan, int load, IObjectSource source, int lanes, CancellationToken cancellationToken)
    {
        _plan = plan;
        _load = load;
        _source = source;
        _ahead = source.Ahead ?? new(lanes + FilesAtOnce, TimeProvider.System);
        _opened = new(lanes);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _feeding = Task.Run(FeedAsync, CancellationToken.None);
    }

    // Where no network is in between, more would only take memory.
    private const int FilesAtOnce = 8;

    /// <summary>
    /// Returns the next object with a function that opens it once and throws what the source throws; null after the last one. For one caller at a
    /// time.
    /// </summary>
    public async ValueTask<(long Id, PlannedObject Object, Func<Task<Stream>> Open)?> NextAsync()
    {
        if (!await _next.Reader.WaitToReadAsync(_stopping.Token) || !_next.Reader.TryRead(out var next))
            return null;
        if (next.Large is not null)
            _opened.Release();
        return (next.Id, next.Object, () => Begin(next));
    }

    /// <summary>Opens an object, even if it was returned before.</summary>
    public async Task<Stream> OpenAsync(SourceObject source)
        // Even an error that the source throws before it returns a task belongs to this object, and waits for its turn.
        => await _source.OpenWholeAsync(source, _stopping.Token);

    /// <summary>Stops fetching. The objects that were returned must be read before this call.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _feeding; // never throws: its error went through the channel
        while (_next.Reader.TryRead(out var left))
            await ForgetAsync(left);
        _stopping.Dispose();
        _opened.Dispose();
    }

    private async Task FeedAsync()
    {
        try
        {
            for (var page = _plan.Take(_load); page.Count > 0; page = _plan.Take(_load))
            {
                foreach (var (id, item) in page)
                    await _next.Writer.WriteAsync(await OpenAheadAsync(id, item), CancellationToken.None); // there is room
            }
            _next.Writer.Complete();
        }
        catch (Exception e)
        {
            _next.Writer.Complete(e);
        }
    }

    private async Task<Next> OpenAheadAsync(long id, PlannedObject item)
    {
        if (item.Source.Size > SmallBytes)
        {
            await _opened.WaitAsync(_stopping.Token);
            return new(id, item, Large: OpenAsync(item.Source));
        }
        while (!_ahead.TryTakeForSmall(out var freed))
            await freed.WaitAsync(_stopping.Token);
        return new(id, item, _last = new(_ahead, (int)item.Source.Size, _ => OpenAsync(item.Source), _last?.HasMemory, _stopping.Token));
    }

    private Task<Stream> Begin(Next next)
    {
        if (next.Small is not { } small)
            return next.Large!;
        if (small.IsOnItsWay)
            _ahead.Grow();
        return small.BeginAsync();
    }

    private static async Task ForgetAsync(Next next)
    {
        if (next.Small is { } small)
        {
            await small.DisposeAsync();
            return;
        }

        await ((Task)next.Large!).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (next.Large!.IsCompletedSuccessfully)
            await (await next.Large).DisposeAsync();
    }

    /// <summary>An object that is requested, if it is small, or opened.</summary>
    private sealed record Next(long Id, PlannedObject Object, AheadStream? Small = null, Task<Stream>? Large = null);
}
