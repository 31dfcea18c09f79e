namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a ledger is keyed by: one feed's loads into one table.</summary>
/// <param name="FeedId">The feed.</param>
/// <param name="FeedName">Its name, for messages.</param>
/// <param name="Table">The table, as the person wrote it; the destination folds and quotes it.</param>
public sealed record LoadTarget(Guid FeedId, string FeedName, string Table);
