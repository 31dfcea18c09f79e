using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store;

/// <summary>What came of an edit.</summary>
/// <param name="Feed">The feed as it is now.</param>
/// <param name="Changes">What became of each setting that was given, in that order.</param>
public sealed record EditResult(S3Feed Feed, IReadOnlyList<SettingChange> Changes)
{
    /// <summary>The feed as it was before, with the columns that were found for the edit.</summary>
    public S3Feed Before { get; init; } = Feed;
}
