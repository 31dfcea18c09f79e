using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What may differ from run to run.</summary>
public sealed record RunOptions
{
    /// <summary>Run a disabled feed.</summary>
    public bool Force { get; init; }

    /// <summary>The run's id, where it was promised to somebody; null for a new one.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Whether the raw text of rejects is kept.</summary>
    public RejectText RejectText { get; init; }
}
