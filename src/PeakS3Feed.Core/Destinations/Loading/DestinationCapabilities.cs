using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a destination can do; the rest of the core asks this and never which destination it is.</summary>
public sealed record DestinationCapabilities
{
    /// <summary>How rows get in.</summary>
    public required LoadShape Shape { get; init; }

    /// <summary>What values it refuses, and how long a name may be.</summary>
    public required ValueLimits ValueLimits { get; init; }
}
