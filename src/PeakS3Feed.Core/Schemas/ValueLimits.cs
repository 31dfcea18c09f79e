namespace PeakS3Feed.Schemas;

/// <summary>What values a destination refuses, so that they can be rejected before they are sent.</summary>
public sealed record ValueLimits
{
    /// <summary>Whether text may hold the character NUL.</summary>
    public bool AllowNul { get; init; } = true;
}
