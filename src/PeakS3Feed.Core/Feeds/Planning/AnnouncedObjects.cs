using System.Runtime.CompilerServices;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>Looks up announced objects as they are now. What an event said about an object may be out of date.</summary>
internal static class AnnouncedObjects
{
    /// <summary>How many objects are looked up at a time.</summary>
    private const int MaxAtOnce = 16;

    /// <summary>Returns the objects that exist, in the order of their keys.</summary>
    public static async IAsyncEnumerable<SourceObject> FindAsync(
        IObjectSource source, IEnumerable<string> keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pending = new Queue<Task<SourceObject?>>();
        try
        {
            foreach (var key in keys)
            {
                pending.Enqueue(source.FindAsync(key, stop.Token));
                if (pending.Count == MaxAtOnce && await pending.Dequeue() is { } found)
                    yield return found;
            }
            while (pending.TryDequeue(out var next))
            {
                if (await next is { } found)
                    yield return found;
            }
        }
        finally
        {
            // The others must not use the source after the caller has disposed it.
            await stop.CancelAsync();
            await Task.WhenAll(pending).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
