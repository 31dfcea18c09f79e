namespace PeakS3Feed.Connections;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>It works.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>There was nothing to check, or an earlier step failed.</summary>
    Skipped,
}
