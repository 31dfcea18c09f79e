namespace PeakS3Feed.Feeds.Running;

/// <summary>What a run is doing.</summary>
public enum RunPhase
{
    /// <summary>Listing objects and comparing them with the ledger.</summary>
    Planning,

    /// <summary>Reading and loading.</summary>
    Loading,

    /// <summary>Waiting for a commit's answer.</summary>
    Committing,
}
