using System.Threading.Channels;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Files;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Returns a load's objects in loading order. It fetches small objects completely, several at a time, so that loading does not wait for a round trip
/// for each of them. A large object is opened by its reader.
/// </summary>
internal sealed class ObjectPrefetcher : IAsyncDisposable
{
    /// <summary>The maximum size of an object that is fetched completely.</summary>
    public const int SmallBytes = 1024 * 1024;

    /// <summary>The maximum number of completely fetched objects that wait.</summary>
    public const int MaxFetched = 8;

    private readonly PlanFile _plan;
    private readonly int _load;
    private readonly IObjectSource _source;
    private readonly CancellationTokenSource _stopping;
    private readonly Channel<(long Id, PlannedObject Object, Task<Stream>? Fetched)> _ahead
        = Channel.CreateBounded<(long Id, PlannedObject Object, Task<Stream>? Fetched)>(MaxFetched);

    private readonly Task _feeding;

    /// <summary>Begins to fetch.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="load">The load's number in it.</param>
    /// <param name="source">Where objects are read.</param>
    /// <param name="cancellationToken">Ends fetching, and what was opened.</param>
    public ObjectPrefetcher(PlanFile plan, int load, IObjectSource source, CancellationToken cancellationToken)
    {
        _plan = plan;
        _load = load;
        _source = source;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _feeding = Task.Run(FeedAsync, CancellationToken.None);
    }

    /// <summary>
    /// Returns the next object with a function that opens it once and throws what the source throws; null after the last one. For one caller at a
    /// time.
    /// </summary>
    public async ValueTask<(long Id, PlannedObject Object, Func<Task<Stream>> Open)?> NextAsync()
    {
        if (!await _ahead.Reader.WaitToReadAsync(_stopping.Token) || !_ahead.Reader.TryRead(out var next))
            return null;
        var (id, item, fetched) = next;
        return (id, item, () => fetched ?? OpenAsync(item.Source));
    }

    /// <summary>Opens an object, even if it was returned before.</summary>
    public Task<Stream> OpenAsync(SourceObject source) => _source.OpenAsync(source, _stopping.Token);

    /// <summary>Stops fetching. The objects that were returned must be read before this call.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _feeding; // never throws: its error went through the channel
        while (_ahead.Reader.TryRead(out var left))
            await ForgetAsync(left.Fetched);
        _stopping.Dispose();
    }

    private async Task FeedAsync()
    {
        try
        {
            for (var page = _plan.Take(_load); page.Count > 0; page = _plan.Take(_load))
            {
                foreach (var (id, item) in page)
                {
                    await _ahead.Writer.WaitToWriteAsync(_stopping.Token);
                    var fetched = item.Source.Size <= SmallBytes ? FetchAsync(item.Source) : null;
                    await _ahead.Writer.WriteAsync((id, item, fetched), CancellationToken.None); // there is room
                }
            }
            _ahead.Writer.Complete();
        }
        catch (Exception e)
        {
            _ahead.Writer.Complete(e);
        }
    }

    private async Task<Stream> FetchAsync(SourceObject item)
    {
        await using var stream = await OpenAsync(item);
        var content = new RentedStream((int)item.Size);
        try
        {
            await content.FillAsync(stream, _stopping.Token);
            return content;
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    private static async Task ForgetAsync(Task<Stream>? fetched)
    {
        if (fetched is null)
            return;
        await ((Task)fetched).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (fetched.IsCompletedSuccessfully)
            await (await fetched).DisposeAsync();
    }
}
