using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>An object that a run will load.</summary>
/// <param name="Source">The version that was listed.</param>
/// <param name="Loaded">For each destination of the feed, the version of the key that was loaded before, or null.</param>
/// <param name="Targets">The destinations that need the object: bit 0 is the first destination of the feed.</param>
/// <param name="Restarts">How often the object was planned again because it had changed before it was read.</param>
public sealed record PlannedObject(SourceObject Source, IReadOnlyList<LedgerEntry?> Loaded, int Targets = 1, int Restarts = 0)
{
    /// <summary>Whether another version of the key was loaded before, into any destination.</summary>
    public bool Changed => Loaded.Any(l => l is not null);

    /// <summary>Returns the destinations that need this version of the object, without those that have loaded exactly this version.</summary>
    internal int TargetsFor(SourceObject now)
    {
        var targets = Targets;
        for (var i = 0; i < Loaded.Count; i++)
        {
            if (Loaded[i] is { } loaded && loaded.ETag == now.ETag && loaded.Size == now.Size)
                targets &= ~(1 << i);
        }
        return targets;
    }
}
