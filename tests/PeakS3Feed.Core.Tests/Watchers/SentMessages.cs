using System.Collections.Concurrent;
using PeakS3Feed.Errors;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Tests.Watchers;

/// <summary>A sender that keeps what it is given, and does what the test says.</summary>
internal sealed class SentMessages(TimeProvider time) : IWatcherSender
{
    public ConcurrentQueue<(string Watcher, Guid Id, WatcherMessage Message, DateTimeOffset At)> All { get; } = new();

    public IEnumerable<string> Summaries => All.Select(m => m.Message.Summary);

    /// <summary>What happens with a message of a watcher; nothing when it is taken.</summary>
    public Func<S3FeedWatcher, CancellationToken, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public static FeedException Refusal => WatcherErrors.RequestRefused("hooks.example", "it answered 500");

    public Task SendAsync(S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken)
    {
        All.Enqueue((watcher.Name, id, message, time.GetUtcNow()));
        return Answer(watcher, cancellationToken);
    }
}
