using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Remedies;
using PeakS3Feed.Serving;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>The result of one step of a test. All Test- cmdlets return it.</summary>
public class S3FeedCheck
{
    /// <summary>The kind of the definition that was tested: Connection, Destination, Trigger, Watcher or Store.</summary>
    public required string Kind { get; init; }

    /// <summary>What was tested: the definition; in a preflight, the folder or the reference to a secret.</summary>
    public required string Name { get; init; }

    /// <summary>The step.</summary>
    public required string Step { get; init; }

    /// <summary>The outcome.</summary>
    public required CheckOutcome Outcome { get; init; }

    /// <summary>The result, as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>How to fix it, or null.</summary>
    public string? Hint { get; init; }

    /// <summary>What was tried, or who received it, in one phrase; or null.</summary>
    public string? Tried { get; init; }

    /// <summary>The service's error code, or null.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>The service's request id, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id of the error that a run would have for the same reason; null if the step did not fail.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Suggested commands, the most likely first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal static S3FeedCheck From(string connection, ConnectionCheck check) => new()
    {
        Kind = "Connection",
        Name = connection,
        Step = check.Step.ToString(),
        Outcome = check.Outcome,
        Message = check.Message,
        Hint = check.Hint,
        Tried = check.Tried,
        ServiceCode = check.ServiceCode,
        RequestId = check.RequestId,
        ErrorId = check.ErrorId,
        Remedies = check.Remedies,
    };

    internal static S3FeedCheck From(string destination, DestinationCheck check) => new()
    {
        Kind = "Destination",
        Name = destination,
        Step = check.Step,
        Outcome = Of(check.Passed),
        Message = check.Detail,
        Hint = check.Hint,
        Remedies = check.Remedies,
    };

    internal static S3FeedCheck From(PreflightCheck check) => new()
    {
        Kind = "Store", Name = check.Target, Step = check.Step, Outcome = Of(check.Passed), Message = check.Message, Hint = check.Hint,
    };

    internal static S3FeedCheck From(WatcherCheck check) => new()
    {
        Kind = "Watcher",
        Name = check.WatcherName,
        Step = "Send",
        Outcome = Of(check.Passed),
        Message = check.Message,
        Hint = check.Hint,
        Tried = check.Target,
    };

    private static CheckOutcome Of(bool passed) => passed ? CheckOutcome.Passed : CheckOutcome.Failed;
}
