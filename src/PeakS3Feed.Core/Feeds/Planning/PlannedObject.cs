using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>An object that a run will load.</summary>
/// <param name="Source">The version that was listed.</param>
/// <param name="Changed">Whether the feed has loaded another version of the key before.</param>
/// <param name="Restarts">How often it was planned again because it had changed by the time it was read.</param>
public sealed record PlannedObject(SourceObject Source, bool Changed, int Restarts = 0);
