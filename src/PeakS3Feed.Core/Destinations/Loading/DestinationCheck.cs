using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>One step of a destination's test.</summary>
/// <param name="Step">What was tried: Connect, Encryption, CreateTable, ….</param>
/// <param name="Passed">Whether it worked.</param>
/// <param name="Detail">What was found, or what went wrong.</param>
/// <param name="Hint">How to fix it, or null.</param>
public sealed record DestinationCheck(string Step, bool Passed, string Detail, string? Hint = null)
{
    /// <summary>The destination that was tested; null for one that has no definition.</summary>
    public string? DestinationName { get; init; }

    /// <summary>Suggested commands, the most likely first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];
}
