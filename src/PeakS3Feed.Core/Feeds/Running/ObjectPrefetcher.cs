using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Files;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Opens a load's objects in loading order. Small ones are fetched whole, several at a time, so that many of them cost no
/// round trip each; a large one is opened when its turn comes.
/// </summary>
internal sealed class ObjectPrefetcher(PlanFile plan, int load, IObjectSource source)
{
    /// <summary>The most bytes of an object that is fetched whole.</summary>
    public const int SmallBytes = 1024 * 1024;

    private const int Parallel = 8;

    /// <summary>Each object with what opens it; opening throws what the source throws.</summary>
    public async IAsyncEnumerable<(long Id, PlannedObject Object, Func<Task<Stream>> Open)> OpenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = Channel.CreateBounded<(long Id, PlannedObject Object, Task<Stream>? Fetched)>(Parallel);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = FeedAsync(ahead.Writer, stopping.Token);
        try
        {
            await foreach (var (id, item, fetched) in ahead.Reader.ReadAllAsync(cancellationToken))
                yield return (id, item, () => fetched ?? source.OpenAsync(item.Source, cancellationToken));
        }
        finally
        {
            await stopping.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (ahead.Reader.TryRead(out var left))
                await ForgetAsync(left.Fetched);
        }
    }

    private async Task FeedAsync(ChannelWriter<(long, PlannedObject, Task<Stream>?)> ahead, CancellationToken cancellationToken)
    {
        try
        {
            for (var page = plan.Take(load); page.Count > 0; page = plan.Take(load))
            {
                foreach (var (id, item) in page)
                {
                    await ahead.WaitToWriteAsync(cancellationToken);
                    await ahead.WriteAsync((id, item, item.Source.Size <= SmallBytes ? FetchAsync(item.Source, cancellationToken) : null), cancellationToken);
                }
            }
            ahead.Complete();
        }
        catch (Exception e)
        {
            ahead.Complete(e);
        }
    }

    private async Task<Stream> FetchAsync(SourceObject item, CancellationToken cancellationToken)
    {
        await using var stream = await source.OpenAsync(item, cancellationToken);
        var content = new RentedStream((int)item.Size);
        try
        {
            await content.FillAsync(stream, cancellationToken);
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
