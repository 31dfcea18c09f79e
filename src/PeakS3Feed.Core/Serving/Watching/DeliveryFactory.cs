using PeakS3Feed.Feeds;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Creates the messages of watchers.</summary>
internal sealed class DeliveryFactory(StorePaths paths, TimeProvider time)
{
    /// <summary>Creates the message about a run.</summary>
    public S3FeedDelivery ForRun(S3FeedWatcher watcher, WatcherEvent what, S3FeedRun run, string? hint, IReadOnlyList<WatchedReject> rejects)
    {
        var remedy = run.RowsRejected > 0 ? Remedy.RejectsOfRun(run.Id) : Remedy.ShowRun(run.Id);
        var message = WithText(Message(watcher, what, run.FeedName, WatcherText.Summarize(what, run, watcher.LongerThan, time.GetUtcNow())) with
        {
            Run = WatchedRun.From(run, hint),
            Rejects = rejects,
            Commands = [Command(remedy)],
        });
        return Delivery(watcher, what, run.Id.ToString("D"), message) with { FeedId = run.FeedId, RunId = run.Id };
    }

    /// <summary>Creates the message that no object arrived.</summary>
    /// <param name="watcher">The watcher.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="day">The day, in the watcher's time zone.</param>
    public S3FeedDelivery NothingArrived(S3FeedWatcher watcher, S3Feed feed, DateOnly day)
    {
        const WatcherEvent What = WatcherEvent.NothingArrived;
        var by = day.ToDateTime(watcher.ArrivesBy!.Value);
        var message = WithText(Message(watcher, What, feed.Name, WatcherText.NothingArrived(feed.Name, by, watcher.TimeZone ?? "UTC")) with
        {
            Commands = [Command(Remedy.Plan(feed.Name))],
        });
        return Delivery(watcher, What, $"{by:yyyy-MM-dd HH:mm} {feed.Id:D}", message) with { FeedId = feed.Id };
    }

    /// <summary>Creates a test message.</summary>
    public WatcherMessage Test(S3FeedWatcher watcher) => WithText(new WatcherMessage
    {
        Event = WatcherMessage.TestEvent, Watcher = watcher.Name, Feed = watcher.FeedName, At = time.GetUtcNow(), Summary = WatcherText.Test(watcher),
        Text = "",
    });

    private WatcherCommand Command(Remedy remedy)
    {
        var command = paths.Complete(remedy);
        return new WatcherCommand(command.Cmdlet, command.Shell);
    }

    private static WatcherMessage WithText(WatcherMessage message) => message with { Text = WatcherText.Format(message) };

    private WatcherMessage Message(S3FeedWatcher watcher, WatcherEvent what, string feed, string summary) => new()
    {
        Event = what.ToString(), Watcher = watcher.Name, Feed = feed, At = time.GetUtcNow(), Summary = summary, Text = "",
    };

    private static S3FeedDelivery Delivery(S3FeedWatcher watcher, WatcherEvent what, string occasion, WatcherMessage message) => new()
    {
        Id = Guid.NewGuid(),
        WatcherId = watcher.Id,
        WatcherName = watcher.Name,
        Event = what,
        Occasion = occasion,
        State = DeliveryState.Waiting,
        MadeAt = message.At,
        NextAt = message.At,
        Message = message,
    };
}
