namespace PeakS3Feed.Watchers;

/// <summary>What a watcher says.</summary>
internal sealed record WatcherMessage
{
    /// <summary>The event of a message that only tries whether one arrives.</summary>
    public const string TestEvent = "Test";

    /// <summary>None.</summary>
    public static WatcherMessage Empty { get; } = new() { Event = "", Watcher = "", Feed = "", At = default, Summary = "", Text = "" };

    /// <summary>What happened: a <see cref="WatcherEvent"/>, or <see cref="TestEvent"/>.</summary>
    public required string Event { get; init; }

    /// <summary>The watcher's name.</summary>
    public required string Watcher { get; init; }

    /// <summary>The feed's name, or <see cref="S3FeedWatcher.AllFeeds"/>.</summary>
    public required string Feed { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>All of it, for people.</summary>
    public required string Text { get; init; }

    /// <summary>The run, or null.</summary>
    public WatchedRun? Run { get; init; }

    /// <summary>The first rejects of the run.</summary>
    public IReadOnlyList<WatchedReject> Rejects { get; init; } = [];

    /// <summary>How to look further.</summary>
    public IReadOnlyList<WatcherCommand> Commands { get; init; } = [];
}
