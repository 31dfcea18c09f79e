namespace PeakS3Feed.Watchers;

/// <summary>Who is told about the runs of a feed. Immutable; secrets are references.</summary>
public sealed record S3FeedWatcher
{
    /// <summary>The name of all feeds together.</summary>
    public const string AllFeeds = "*";

    /// <summary>The watcher's identity; what it was told is recorded under it.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The feed whose runs it watches, or <see cref="AllFeeds"/>.</summary>
    public required string FeedName { get; init; }

    /// <summary>Whether it watches the runs of all feeds.</summary>
    public bool WatchesAll => FeedName == AllFeeds;

    /// <summary>Whether it watches the runs of the feed of that name.</summary>
    public bool Watches(string feedName) => WatchesAll || string.Equals(FeedName, feedName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The server that is told, or the reference to its URL; of a URL no more than the host.</summary>
    public string Target => Kind == WatcherKind.Email ? SmtpHost ?? ""
        : WatcherUrl.IsReference(Url) ? Url
        : Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.Host : "";

    /// <summary>The references to its secrets.</summary>
    internal IEnumerable<string> Secrets => new[] { Password, SigningKey, WatcherUrl.IsReference(Url) ? Url : null }.OfType<string>();

    /// <summary>How it tells.</summary>
    public required WatcherKind Kind { get; init; }

    /// <summary>What it tells of.</summary>
    public IReadOnlyList<WatcherEvent> Events { get; init; } = [];

    /// <summary>For RunsLong: how long a run may take without being told of.</summary>
    public TimeSpan? LongerThan { get; init; }

    /// <summary>For NothingArrived: the time of day by which something must have come.</summary>
    public TimeOnly? ArrivesBy { get; init; }

    /// <summary>For NothingArrived: the days on which something must come; empty for every day.</summary>
    public IReadOnlyList<DayOfWeek> ArrivesOn { get; init; } = [];

    /// <summary>For NothingArrived: the time zone of the day and its time, an IANA or Windows id; null for UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>For Email: the addresses that it goes to.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>For Email: the address that it comes from.</summary>
    public string? From { get; init; }

    /// <summary>For Email: the mail server's name or address.</summary>
    public string? SmtpHost { get; init; }

    /// <summary>For Email: the mail server's port; 0 for the usual one of <see cref="Security"/>.</summary>
    public int SmtpPort { get; init; }

    /// <summary>For Email: how the connection is secured.</summary>
    public SmtpSecurity Security { get; init; }

    /// <summary>For Email: the user to log in as; null for nobody.</summary>
    public string? Username { get; init; }

    /// <summary>For Email: the reference to the password.</summary>
    public string? Password { get; init; }

    /// <summary>For Webhook: where to; or the reference to it, for it may be a secret.</summary>
    public string? Url { get; init; }

    /// <summary>For Webhook: the reference to the key that requests are signed with; null for none.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Nothing that was over before is told of: the instant since when the watcher is as it is and enabled, UTC; null where nobody knows.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether it tells.</summary>
    public bool Enabled { get; init; } = true;
}
