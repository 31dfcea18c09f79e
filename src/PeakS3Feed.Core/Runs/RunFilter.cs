namespace PeakS3Feed.Runs;

/// <summary>Selects runs. All conditions that are set must be true.</summary>
public sealed record RunFilter
{
    /// <summary>All runs.</summary>
    public static RunFilter All { get; } = new();

    /// <summary>Only this run.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Only runs of this feed.</summary>
    public Guid? FeedId { get; init; }

    /// <summary>Only runs of feeds with this name at that time, regardless of case. It also finds runs of removed feeds.</summary>
    public string? FeedName { get; init; }

    /// <summary>Only runs with one of these statuses; empty for all.</summary>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

    /// <summary>Only runs that started at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>At most this number of runs, the newest.</summary>
    public int? Last { get; init; }
}
