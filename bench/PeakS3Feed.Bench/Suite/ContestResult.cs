namespace PeakS3Feed.Bench.Suite;

/// <summary>What came out of a contest.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Size">The data.</param>
/// <param name="Rounds">How often each took its turn.</param>
/// <param name="Hash">The rows and the hash that all of them agree on.</param>
/// <param name="Contestants">Ourselves first.</param>
internal sealed record ContestResult(string Id, string Size, int Rounds, string? Hash, IReadOnlyList<ContestantResult> Contestants)
{
    /// <summary>Who failed, and why.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];
}
