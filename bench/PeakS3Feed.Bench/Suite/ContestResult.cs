namespace PeakS3Feed.Bench.Suite;

/// <summary>The result of a contest.</summary>
/// <param name="Id">The name.</param>
/// <param name="Size">The data.</param>
/// <param name="Rounds">The number of rounds.</param>
/// <param name="Hash">The number of rows and the hash, the same for all contestants.</param>
/// <param name="Contestants">The results, PeakS3Feed first.</param>
internal sealed record ContestResult(string Id, string Size, int Rounds, string? Hash, IReadOnlyList<ContestantResult> Contestants)
{
    /// <summary>The contestants that failed, and why.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];
}
