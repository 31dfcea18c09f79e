namespace PeakS3Feed.Watchers.Sending;

/// <summary>The body of a request to a watcher's URL; its members are documented in docs/watchers.md.</summary>
internal sealed record WebhookBody
{
    /// <summary>The message's id, the same however often it is sent.</summary>
    public required Guid Id { get; init; }

    /// <summary>What happened.</summary>
    public required string Event { get; init; }

    /// <summary>The watcher's name.</summary>
    public required string Watcher { get; init; }

    /// <summary>The feed's name.</summary>
    public required string Feed { get; init; }

    /// <summary>When the message was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened in one line, for chats, in which parts of it might call people or make links.</summary>
    public required string Text { get; init; }

    /// <summary>What happened in one line, as it is.</summary>
    public required string Summary { get; init; }

    /// <summary>All of it, as an email would say it.</summary>
    public required string Message { get; init; }

    /// <summary>The run and its counts, or nothing.</summary>
    public WatchedRun? Run { get; init; }

    /// <summary>The first rejects of the run.</summary>
    public required IReadOnlyList<WatchedReject> Rejects { get; init; }

    /// <summary>How to look further.</summary>
    public required IReadOnlyList<WatcherCommand> Commands { get; init; }

    public static WebhookBody From(Guid id, WatcherMessage message) => new()
    {
        Id = id,
        Event = message.Event,
        Watcher = message.Watcher,
        Feed = message.Feed,
        At = message.At,
        Text = ForChat(message.Summary),
        Summary = message.Summary,
        Message = message.Text,
        Run = message.Run,
        Rejects = message.Rejects,
        Commands = message.Commands,
    };

    // Slack calls people and makes links by <…>, Mattermost by @… and [](…): between these a space that nobody sees.
    private static string ForChat(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("@", "@\u200b", StringComparison.Ordinal).Replace("](", "]\u200b(", StringComparison.Ordinal);
}
