namespace PeakS3Feed.Connections;

/// <summary>What one step of a connection's test found.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Tried">What was tried, in one phrase.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Hint">The layer at fault and how to mend it, or null.</param>
/// <param name="ServiceCode">The service's error code, or null.</param>
/// <param name="RequestId">The service's request id, or null.</param>
public sealed record ConnectionCheck(
    ConnectionStep Step, CheckOutcome Outcome, string Tried, string Message, string? Hint = null, string? ServiceCode = null, string? RequestId = null);
