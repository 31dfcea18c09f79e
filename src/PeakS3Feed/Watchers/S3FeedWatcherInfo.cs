using PeakS3Feed.Watchers;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>A watcher. Its settings are properties with the names of the parameters that set them; secrets are references.</summary>
public sealed class S3FeedWatcherInfo
{
    private readonly S3FeedWatcher _watcher;

    internal S3FeedWatcherInfo(S3FeedWatcher watcher) => _watcher = watcher;

    /// <summary>The watcher's name.</summary>
    public string Name => _watcher.Name;

    /// <summary>The feed whose runs it watches, or <c>*</c> for all feeds.</summary>
    public string FeedName => _watcher.FeedName;

    /// <summary>The watcher's id, under which its deliveries are recorded.</summary>
    public Guid Id => _watcher.Id;

    /// <summary>The kind of delivery.</summary>
    public WatcherKind Kind => _watcher.Kind;

    /// <summary>Whether it is enabled.</summary>
    public bool Enabled => _watcher.Enabled;

    /// <summary>The events of which it notifies.</summary>
    public IReadOnlyList<WatcherEvent> Event => _watcher.Events;

    /// <summary>For RunsLong: the duration of a run after which it notifies.</summary>
    public TimeSpan? LongerThan => _watcher.LongerThan;

    /// <summary>For NothingArrived: the time of day by which an object must have arrived.</summary>
    public TimeOnly? ArrivesBy => _watcher.ArrivesBy;

    /// <summary>For NothingArrived: the days on which an object must arrive; empty for every day.</summary>
    public IReadOnlyList<DayOfWeek> ArrivesOn => _watcher.ArrivesOn;

    /// <summary>For NothingArrived: the time zone of day and time.</summary>
    public string? TimeZone => _watcher.TimeZone;

    /// <summary>The server that receives the messages: the mail server, the host of the URL, or the reference to the URL.</summary>
    public string Target => _watcher.Target;

    /// <summary>For Email: the addresses of the receivers.</summary>
    public IReadOnlyList<string> To => _watcher.To;

    /// <summary>For Email: the address of the sender.</summary>
    public string? From => _watcher.From;

    /// <summary>For Email: the name or address of the mail server.</summary>
    public string? SmtpHost => _watcher.SmtpHost;

    /// <summary>For Email: the port of the mail server; 0 for the default port of <see cref="Security"/>.</summary>
    public int SmtpPort => _watcher.SmtpPort;

    /// <summary>For Email: the security of the connection.</summary>
    public SmtpSecurity Security => _watcher.Security;

    /// <summary>For Email: the user to log in as; null for no login.</summary>
    public string? Username => _watcher.Username;

    /// <summary>For Email: the reference to the password.</summary>
    public string? Password => _watcher.Password;

    /// <summary>For Webhook: the URL, or a reference to it.</summary>
    public string? Url => _watcher.Url;

    /// <summary>For Webhook: the reference to the key that signs requests; null for no signature.</summary>
    public string? SigningKey => _watcher.SigningKey;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
