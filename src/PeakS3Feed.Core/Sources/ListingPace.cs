namespace PeakS3Feed.Sources;

/// <summary>
/// How many pages of a listing are requested at a time: twice as many whenever the caller has to wait, half as many when S3 answers SlowDown, and
/// after that one more at a time. Safe for concurrent use.
/// </summary>
/// <param name="max">The limit, at least 1.</param>
/// <param name="time">The clock of reductions.</param>
internal sealed class ListingPace(int max, TimeProvider time)
{
    private static readonly TimeSpan BetweenReductions = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _limit = 1;
    private bool _wasRefused;
    private long _reducedAt;

    /// <summary>Whether more than one page may be requested at a time.</summary>
    public bool IsConcurrent => max > 1;

    /// <summary>The number of requests at a time.</summary>
    public int Limit
    {
        get
        {
            lock (_lock) return _limit;
        }
    }

    /// <summary>Records that the caller has to wait for a page.</summary>
    public void Grow()
    {
        lock (_lock) _limit = Math.Min(max, _wasRefused ? _limit + 1 : 2 * _limit);
    }

    /// <summary>Records that S3 refused a request because there are too many.</summary>
    public void Reduce()
    {
        lock (_lock)
        {
            // The requests that were sent together are refused together.
            if (_wasRefused && time.GetElapsedTime(_reducedAt) < BetweenReductions) return;
            _wasRefused = true;
            _reducedAt = time.GetTimestamp();
            _limit = Math.Max(1, _limit / 2);
        }
    }
}
