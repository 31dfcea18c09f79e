namespace PeakS3Feed.Destinations.Loading;

/// <summary>What the audit columns of a load's rows say, besides the file name.</summary>
/// <param name="RunId">The run.</param>
/// <param name="At">When the load began, UTC, cut to microseconds.</param>
public sealed record LoadStamp(Guid RunId, DateTimeOffset At);
