namespace PeakS3Feed.Store;

/// <summary>What an import did with one definition.</summary>
/// <param name="Kind"><c>connection</c>, <c>destination</c> or <c>feed</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">What was done.</param>
public sealed record ImportChange(string Kind, string Name, ImportOutcome Outcome);
