using System.Text.Json.Serialization;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;

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

/// <summary>A run in a message.</summary>
internal sealed record WatchedRun
{
    private const int MaxWarnings = 20;

    public required Guid Id { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public double? Seconds { get; init; }

    public long ObjectsPlanned { get; init; }

    public long ObjectsLoaded { get; init; }

    public long ObjectsSkipped { get; init; }

    public long ObjectsFailed { get; init; }

    public long RowsRead { get; init; }

    public long RowsLoaded { get; init; }

    public long RowsRejected { get; init; }

    public string? ErrorId { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }

    /// <summary>The number of warnings of the run.</summary>
    public long WarningCount { get; init; }

    /// <summary>The first warnings.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    public required string Host { get; init; }

    /// <summary>Converts a run. The hint of its error is a parameter, because the history does not store it.</summary>
    public static WatchedRun From(S3FeedRun run, string? hint) => new()
    {
        Id = run.Id,
        Status = run.Status.ToString(),
        StartedAt = run.StartedAt,
        EndedAt = run.EndedAt,
        Seconds = run.Duration?.TotalSeconds,
        ObjectsPlanned = run.ObjectsPlanned,
        ObjectsLoaded = run.ObjectsLoaded,
        ObjectsSkipped = run.ObjectsSkipped,
        ObjectsFailed = run.ObjectsFailed,
        RowsRead = run.RowsRead,
        RowsLoaded = run.RowsLoaded,
        RowsRejected = run.RowsRejected,
        ErrorId = run.ErrorId,
        Error = run.Error,
        Hint = hint,
        WarningCount = run.WarningCount,
        Warnings = run.Warnings.Count == 0 ? null : [.. run.Warnings.Take(MaxWarnings).Select(w => w.Text)],
        Host = run.Host,
    };
}

/// <summary>A reject in a message, without the row's text, which is customer data.</summary>
internal sealed record WatchedReject(string Object, long Line, string? Column, string Reason)
{
    public static WatchedReject From(Reject reject) => new(reject.Position.ObjectUri, reject.Position.Line, reject.Position.Column, reject.Reason);
}

/// <summary>A suggested command, for PowerShell and for a shell.</summary>
internal sealed record WatcherCommand(string PowerShell, string? Shell);

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

/// <summary>Serialises messages as JSON, for the state database and for the bodies of requests.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatcherMessage))]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WatcherJson : JsonSerializerContext;
