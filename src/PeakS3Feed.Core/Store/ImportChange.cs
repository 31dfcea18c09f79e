namespace PeakS3Feed.Store;

/// <summary>What an import did with one definition.</summary>
/// <param name="Kind"><c>connection</c>, <c>destination</c>, <c>feed</c>, <c>trigger</c> or <c>watcher</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">What was done.</param>
public sealed record ImportChange(string Kind, string Name, ImportOutcome Outcome)
{
    /// <summary>Whether the policy that was made for the connection no longer fits it, so that the role needs a new one.</summary>
    public bool OutdatesPolicy { get; init; }
}
