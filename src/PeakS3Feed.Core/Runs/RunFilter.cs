namespace PeakS3Feed.Runs;

/// <summary>Which runs are meant; every condition that is set must hold.</summary>
public sealed record RunFilter
{
    /// <summary>All runs.</summary>
    public static RunFilter All { get; } = new();

    /// <summary>Only that run.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Only runs of that feed.</summary>
    public Guid? FeedId { get; init; }

    /// <summary>Only runs of feeds that had that name then, regardless of case; for feeds that are gone.</summary>
    public string? FeedName { get; init; }

    /// <summary>Only runs that stand so; empty for all.</summary>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

    /// <summary>Only runs that began then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>At most that many, the newest.</summary>
    public int? Last { get; init; }
}
