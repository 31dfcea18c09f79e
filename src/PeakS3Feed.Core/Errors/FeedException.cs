namespace PeakS3Feed.Errors;

/// <summary>
/// The only exception type of the core: one sentence on what is wrong, a stable id, and what to do. Messages and hints never contain secrets.
/// </summary>
public sealed class FeedException : Exception
{
    /// <summary>Creates an error. Each room of the core creates its errors in a factory class named <c>…Errors</c>.</summary>
    public FeedException(string id, FeedErrorCategory category, string message, Exception? inner = null)
        : base(message, inner)
    {
        Id = id;
        Category = category;
    }

    /// <summary>The stable id, for example <c>ChangedObjectUndecided</c>; see docs/errors.md.</summary>
    public string Id { get; }

    /// <summary>The category of the failure.</summary>
    public FeedErrorCategory Category { get; }

    /// <summary>The name of the item at fault (a feed, a connection, an object), or null.</summary>
    public string? Target { get; init; }

    /// <summary>The position in the source data, or null.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>How to fix it, in one sentence, or null.</summary>
    public string? Hint { get; init; }

    /// <summary>Suggested commands, the most probable first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];

    /// <summary>Settings of the current feed that would fix the error. <see cref="ForFeed"/> converts them to commands.</summary>
    public IReadOnlyList<FeedSetting> Settings { get; init; } = [];

    /// <summary>The error code of the service that refused the request (S3, STS, SQLSTATE), or null.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>The request id of the service that refused the request, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>Returns the same error, with its <see cref="Settings"/> as commands for a feed.</summary>
    public FeedException ForFeed(string feed) => Copy(Message, [.. Remedies, .. Settings.Select(s => Remedy.SetFeed(feed, s.Setting, s.Value, s.Key))], []);

    /// <summary>Returns the same error with another message.</summary>
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
