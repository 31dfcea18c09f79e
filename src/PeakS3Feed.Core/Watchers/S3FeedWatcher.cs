using PeakS3Feed.Definitions;

namespace PeakS3Feed.Watchers;

/// <summary>A definition of who is notified about the runs of a feed, of which events, and how. Immutable; secrets are references.</summary>
public sealed record S3FeedWatcher : DefinitionRecord
{
    /// <summary>The name that means all feeds.</summary>
    public const string AllFeeds = "*";

    /// <summary>The watcher's id, under which its deliveries are recorded.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The feed whose runs it watches, or <see cref="AllFeeds"/>.</summary>
    public required string FeedName { get; init; }

    /// <summary>Whether it watches the runs of all feeds.</summary>
    public bool WatchesAll => FeedName == AllFeeds;

    /// <summary>Whether it watches the runs of the feed of that name.</summary>
    public bool Watches(string feedName) => WatchesAll || string.Equals(FeedName, feedName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The server that receives the messages: the mail server, the host of the URL, or the reference to the URL.</summary>
    public string Target => Kind == WatcherKind.Email ? SmtpHost ?? ""
        : WatcherUrl.IsReference(Url) ? Url
        : Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.Host : "";

    /// <summary>The references to the watcher's secrets.</summary>
    internal IEnumerable<string> Secrets => new[] { Password, SigningKey, WatcherUrl.IsReference(Url) ? Url : null }.OfType<string>();

    /// <summary>The kind of delivery.</summary>
    public required WatcherKind Kind { get; init; }

    /// <summary>The events of which the watcher notifies.</summary>
    [DefinitionMember(Always = true)]
    public IReadOnlyList<WatcherEvent> Events { get; init; } = [];

    /// <summary>For RunsLong: the duration of a run after which the watcher notifies.</summary>
    public TimeSpan? LongerThan { get; init; }

    /// <summary>For NothingArrived: the time of day by which a new object must have arrived.</summary>
    public TimeOnly? ArrivesBy { get; init; }

    /// <summary>For NothingArrived: the days on which a new object must arrive; empty for every day.</summary>
    public IReadOnlyList<DayOfWeek> ArrivesOn { get; init; } = [];

    /// <summary>For NothingArrived: the time zone of day and time, as an IANA or Windows id; null for UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>For Email: the addresses of the receivers.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>For Email: the address of the sender.</summary>
    public string? From { get; init; }

    /// <summary>For Email: the name or address of the mail server.</summary>
    public string? SmtpHost { get; init; }

    /// <summary>For Email: the port of the mail server; 0 for the default port of <see cref="Security"/>.</summary>
    public int SmtpPort { get; init; }

    /// <summary>For Email: the security of the connection.</summary>
    public SmtpSecurity Security { get; init; }

    /// <summary>For Email: the user to log in as; null for no login.</summary>
    public string? Username { get; init; }

    /// <summary>For Email: the reference to the password.</summary>
    public string? Password { get; init; }

    /// <summary>For Webhook: the URL; or a reference to it, because the URL may be a secret.</summary>
    public string? Url { get; init; }

    /// <summary>For Webhook: the reference to the key that signs requests; null for no signature.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Whether the watcher notifies.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The time since which the watcher is enabled in its present form, in UTC; null if unknown. It does not notify of earlier events.
    /// </summary>
    [DefinitionMember(StoreOnly = true)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>The way a watcher notifies.</summary>
public enum WatcherKind
{
    /// <summary>By email.</summary>
    Email,

    /// <summary>By a request to a URL.</summary>
    Webhook,
}

/// <summary>The events of which a watcher notifies.</summary>
public enum WatcherEvent
{
    /// <summary>A run failed, or its process ended.</summary>
    RunFailed,

    /// <summary>A run loaded rows, possibly with rejects.</summary>
    RunSucceeded,

    /// <summary>A run rejected rows or skipped files, whatever its result.</summary>
    Rejects,

    /// <summary>A run takes longer than the watcher's limit.</summary>
    RunsLong,

    /// <summary>No new object arrived by a time of day.</summary>
    NothingArrived,
}

/// <summary>The security of the connection to a mail server.</summary>
public enum SmtpSecurity
{
    /// <summary>Start in plain text, then require TLS (port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>No encryption; for a server on this machine.</summary>
    None,
}
