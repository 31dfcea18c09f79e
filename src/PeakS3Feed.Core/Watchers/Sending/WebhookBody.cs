namespace PeakS3Feed.Watchers.Sending;

/// <summary>The body of a request to a watcher's URL. docs/watchers.md documents its members.</summary>
internal sealed record WebhookBody
{
    /// <summary>The message's id, the same for every attempt.</summary>
    public required Guid Id { get; init; }

    /// <summary>The event.</summary>
    public required string Event { get; init; }

    /// <summary>The watcher's name.</summary>
    public required string Watcher { get; init; }

    /// <summary>The feed's name.</summary>
    public required string Feed { get; init; }

    /// <summary>When the message was created.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The event in one line, for chats. Parts that could mention people or make links are disabled.</summary>
    public required string Text { get; init; }

    /// <summary>The event in one line, unchanged.</summary>
    public required string Summary { get; init; }

    /// <summary>The full text, as in an email.</summary>
    public required string Message { get; init; }

    /// <summary>The run and its counts, or null.</summary>
    public WatchedRun? Run { get; init; }

    /// <summary>The first rejects of the run.</summary>
    public required IReadOnlyList<WatchedReject> Rejects { get; init; }

    /// <summary>Suggested commands.</summary>
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

    // Slack mentions people and makes links with <…>, Mattermost with @… and [](…). A zero-width space disables these.
    private static string ForChat(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("@", "@\u200b", StringComparison.Ordinal).Replace("](", "]\u200b(", StringComparison.Ordinal);
}
