using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>An object that a run will load.</summary>
/// <param name="Source">The version that was listed.</param>
/// <param name="Loaded">The version of the key that the feed has loaded before, or null.</param>
/// <param name="Restarts">How often it was planned again because it had changed by the time it was read.</param>
public sealed record PlannedObject(SourceObject Source, LedgerEntry? Loaded, int Restarts = 0)
{
    /// <summary>Whether the feed has loaded another version of the key before.</summary>
    public bool Changed => Loaded is not null;
}
