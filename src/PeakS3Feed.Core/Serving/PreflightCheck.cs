namespace PeakS3Feed.Serving;

/// <summary>What a preflight found about one thing that triggers need.</summary>
/// <param name="Step">What was tried: <c>Store</c>, <c>State</c> or <c>Secret</c>.</param>
/// <param name="Target">The folder or the reference.</param>
/// <param name="Passed">Whether this account can use it.</param>
/// <param name="Message">What was found, in a sentence.</param>
public sealed record PreflightCheck(string Step, string Target, bool Passed, string Message)
{
    /// <summary>How to mend it, or null.</summary>
    public string? Hint { get; init; }
}
