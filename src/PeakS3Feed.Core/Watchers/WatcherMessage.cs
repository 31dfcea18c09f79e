namespace PeakS3Feed.Watchers;

/// <summary>A message of a watcher.</summary>
internal sealed record WatcherMessage
{
    /// <summary>The event of a test message.</summary>
    public const string TestEvent = "Test";

    /// <summary>An empty message.</summary>
    public static WatcherMessage Empty { get; } = new() { Event = "", Watcher = "", Feed = "", At = default, Summary = "", Text = "" };

    /// <summary>The event: a <see cref="WatcherEvent"/>, or <see cref="TestEvent"/>.</summary>
    public required string Event { get; init; }

    /// <summary>The watcher's name.</summary>
    public required string Watcher { get; init; }

    /// <summary>The feed's name, or <see cref="S3FeedWatcher.AllFeeds"/>.</summary>
    public required string Feed { get; init; }

    /// <summary>When the message was created.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The event, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>The full text, for people.</summary>
    public required string Text { get; init; }

    /// <summary>The run, or null.</summary>
    public WatchedRun? Run { get; init; }

    /// <summary>The first rejects of the run.</summary>
    public IReadOnlyList<WatchedReject> Rejects { get; init; } = [];

    /// <summary>Suggested commands.</summary>
    public IReadOnlyList<WatcherCommand> Commands { get; init; } = [];
}
