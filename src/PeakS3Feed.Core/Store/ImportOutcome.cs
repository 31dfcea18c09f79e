namespace PeakS3Feed.Store;

/// <summary>What an import did with a definition.</summary>
public enum ImportOutcome
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It took the place of another.</summary>
    Changed,

    /// <summary>It was there, just so.</summary>
    Unchanged,
}
