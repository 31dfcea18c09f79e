namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a ledger is keyed by: one feed's loads into one table.</summary>
/// <param name="FeedId">The feed.</param>
/// <param name="FeedName">Its name, for messages.</param>
/// <param name="Table">The table, as the person wrote it; the destination folds and quotes it.</param>
public sealed record LoadTarget(Guid FeedId, string FeedName, string Table)
{
    /// <summary>The names of all feeds of the store by their ids, or null when they are not known: then no other feed is taken to be gone.</summary>
    public IReadOnlyDictionary<Guid, string>? KnownFeeds { get; init; }

    /// <summary>A feed for messages: its name, or its id where the store does not have it.</summary>
    public string Name(Guid feed) => KnownFeeds?.GetValueOrDefault(feed) ?? "a feed that this store does not have";
}
