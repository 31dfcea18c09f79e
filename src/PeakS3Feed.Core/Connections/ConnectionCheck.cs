using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections;

/// <summary>The steps of a connection's test, in order.</summary>
public enum ConnectionStep
{
    /// <summary>Find the base credentials.</summary>
    BaseCredentials,

    /// <summary>Assume the role.</summary>
    AssumeRole,

    /// <summary>Reach the bucket in the connection's region.</summary>
    Region,

    /// <summary>List keys under the root path.</summary>
    List,

    /// <summary>Read one byte of an object.</summary>
    Read,

    /// <summary>Decrypt with the object's KMS key.</summary>
    Kms,
}

/// <summary>The outcome of a check.</summary>
public enum CheckOutcome
{
    /// <summary>The step works.</summary>
    Passed,

    /// <summary>The step does not work.</summary>
    Failed,

    /// <summary>The step was not necessary, or an earlier step failed.</summary>
    Skipped,
}

/// <summary>The result of one step of a connection's test.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Tried">The request, in one phrase.</param>
/// <param name="Message">The result, in one sentence.</param>
/// <param name="Hint">The layer at fault and the fix, or null.</param>
/// <param name="ServiceCode">The service's error code, or null.</param>
/// <param name="RequestId">The service's request id, or null.</param>
public sealed record ConnectionCheck(
    ConnectionStep Step, CheckOutcome Outcome, string Tried, string Message, string? Hint = null, string? ServiceCode = null,
    string? RequestId = null)
{
    /// <summary>The id of the error that a run would have for the same reason, as in docs/errors.md; null if the step did not fail.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Suggested commands, the most likely first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];
}
