namespace PeakS3Feed.Destinations.Loading;

/// <summary>How long a commit is tried again when the destination goes away.</summary>
public sealed record CommitRetry
{
    /// <summary>The most attempts, the first among them.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The wait before the second attempt; doubled each time.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before an attempt, from 2.</summary>
    public TimeSpan DelayBefore(int attempt)
        => TimeSpan.FromTicks((long)Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(2, Math.Max(0, attempt - 2))));
}
