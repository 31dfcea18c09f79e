using PeakS3Feed.Retries;

namespace PeakS3Feed.Aws;

/// <summary>The limits for repeated calls to a service.</summary>
/// <param name="Policy">The retries of a call.</param>
/// <param name="Silence">The maximum time without a byte of a body; after it the connection counts as dropped.</param>
internal sealed record RetryBudget(RetryPolicy Policy, TimeSpan Silence)
{
    /// <summary>For runs: retries for about two minutes.</summary>
    public static RetryBudget ForRuns { get; } = new(new(9, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30)), TimeSpan.FromSeconds(60));

    /// <summary>For tests of connections, while a person waits, and for callers that repeat their calls by themselves: one retry.</summary>
    public static RetryBudget Short { get; } = new(new(1, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(15));
}
