namespace PeakS3Feed.Errors;

/// <summary>
/// The one error type of the core: what went wrong in one sentence, with a stable id, and what to do about it.
/// Messages and hints never contain secrets.
/// </summary>
public sealed class FeedException : Exception
{
    /// <summary>Makes an error. Rooms of the core make theirs in a factory class named <c>…Errors</c>.</summary>
    public FeedException(string id, FeedErrorCategory category, string message, Exception? inner = null)
        : base(message, inner)
    {
        Id = id;
        Category = category;
    }

    /// <summary>Stable id, for example <c>ChangedObjectUndecided</c>; documented in docs/errors.md.</summary>
    public string Id { get; }

    /// <summary>The kind of failure.</summary>
    public FeedErrorCategory Category { get; }

    /// <summary>The name of the thing at fault (a feed, a connection, an object), or null.</summary>
    public string? Target { get; init; }

    /// <summary>Where in the source data, or null.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>One sentence on how to mend it, or null.</summary>
    public string? Hint { get; init; }

    /// <summary>Commands to type next, the likeliest first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];

    /// <summary>Settings of the feed at hand that would mend it; <see cref="ForFeed"/> makes commands of them.</summary>
    public IReadOnlyList<FeedSetting> Settings { get; init; } = [];

    /// <summary>The error code of the service that refused (S3, STS, SQLSTATE), or null.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>The request id of the service that refused, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>The same error with the commands that make its <see cref="Settings"/>.</summary>
    public FeedException ForFeed(string feed) => Copy(Message, [.. Remedies, .. Settings.Select(s => Remedy.SetFeed(feed, s.Setting, s.Value, s.Key))], []);

    /// <summary>The same error in other words.</summary>
    public FeedException WithMessage(string message) => Copy(message, Remedies, Settings);

    private FeedException Copy(string message, IReadOnlyList<Remedy> remedies, IReadOnlyList<FeedSetting> settings) => new(Id, Category, message, this)
    {
        Target = Target,
        Position = Position,
        Hint = Hint,
        Remedies = remedies,
        Settings = settings,
        ServiceCode = ServiceCode,
        RequestId = RequestId,
    };
}
