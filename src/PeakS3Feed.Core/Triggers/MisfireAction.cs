namespace PeakS3Feed.Triggers;

/// <summary>What becomes of fires that were due while nothing ran that could have fired them.</summary>
public enum MisfireAction
{
    /// <summary>The feed runs once, however many there were.</summary>
    RunOnce,

    /// <summary>They are written down as missed, and the next one is awaited.</summary>
    Skip,
}
