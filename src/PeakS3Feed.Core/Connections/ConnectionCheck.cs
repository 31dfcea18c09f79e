using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections;

/// <summary>The steps of a connection's test, in their order.</summary>
public enum ConnectionStep
{
    /// <summary>Find the base credentials.</summary>
    BaseCredentials,

    /// <summary>Assume the role.</summary>
    AssumeRole,

    /// <summary>Ask in the bucket's region.</summary>
    Region,

    /// <summary>List one key under the root path.</summary>
    List,

    /// <summary>Read one byte.</summary>
    Read,

    /// <summary>Decrypt with the customer's key.</summary>
    Kms,
}

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>It works.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>There was nothing to check, or an earlier step failed.</summary>
    Skipped,
}

/// <summary>The result of one step of a connection's test.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Tried">What was tried, in one phrase.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Hint">The layer at fault and the fix, or null.</param>
/// <param name="ServiceCode">The service's error code, or null.</param>
/// <param name="RequestId">The service's request id, or null.</param>
public sealed record ConnectionCheck(
    ConnectionStep Step, CheckOutcome Outcome, string Tried, string Message, string? Hint = null, string? ServiceCode = null,
    string? RequestId = null)
{
    /// <summary>The id of the error that a run would end with for the same reason, listed in docs/errors.md; null where nothing failed.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Commands to type next, the likeliest first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];
}
