using PeakS3Feed.Remedies;

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
    public FeedException ForFeed(string feed)
        => Copy(Message, [.. Remedies, .. Settings.Select(s => Remedy.SetFeed(feed, s.Setting, s.Value, s.Key))], []);

    /// <summary>Returns the same error with another message.</summary>
    public FeedException WithMessage(string message) => Copy(message, Remedies, Settings);

    private FeedException Copy(string message, IReadOnlyList<Remedy> remedies, IReadOnlyList<FeedSetting> settings)
        => new(Id, Category, message, this)
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

/// <summary>The category of an error. The names are those of PowerShell's ErrorCategory.</summary>
public enum FeedErrorCategory
{
    /// <summary>No other category matches.</summary>
    NotSpecified,

    /// <summary>A parameter or a definition is invalid.</summary>
    InvalidArgument,

    /// <summary>The data read is not as the feed specifies.</summary>
    InvalidData,

    /// <summary>The operation is not possible in the current state.</summary>
    InvalidOperation,

    /// <summary>The named item does not exist.</summary>
    ObjectNotFound,

    /// <summary>An item with that name already exists.</summary>
    ResourceExists,

    /// <summary>Another process uses a resource. A later attempt may succeed.</summary>
    ResourceBusy,

    /// <summary>A resource is not available: a disk is full, a server is down.</summary>
    ResourceUnavailable,

    /// <summary>A server could not be reached, or it closed the connection.</summary>
    ConnectionError,

    /// <summary>The credentials were not accepted.</summary>
    AuthenticationError,

    /// <summary>The credentials were accepted, but they do not allow the operation.</summary>
    PermissionDenied,

    /// <summary>A limit is exceeded.</summary>
    LimitsExceeded,

    /// <summary>The operation was stopped on request.</summary>
    OperationStopped,
}

/// <summary>A position in the source data.</summary>
/// <param name="ObjectUri">The object as <c>s3://bucket/key</c>.</param>
/// <param name="Line">The physical line on which the row begins, from 1; 0 when unknown.</param>
/// <param name="ByteOffset">The offset of the row's first byte in the decompressed content, from 0; -1 when unknown.</param>
/// <param name="Column">The source field, or null for the whole row.</param>
public sealed record SourcePosition(string ObjectUri, long Line = 0, long ByteOffset = -1, string? Column = null)
{
    /// <summary>Returns, for example, <c>s3://acme/in/a.csv, line 7, column "price"</c>.</summary>
    public override string ToString()
        => ObjectUri + (Line > 0 ? $", line {Line}" : "") + (Column is null ? "" : $", column \"{Column}\"");
}
