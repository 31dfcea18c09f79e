namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Instants of what people give; what is out of range is the earliest or the latest there is.</summary>
internal static class Instants
{
    /// <summary>The instant that a date object means; one without a zone is local.</summary>
    public static DateTimeOffset Of(DateTime time)
        // A day from the ends, an offset could leave the range.
        => time < DateTime.MinValue.AddDays(1) ? DateTimeOffset.MinValue : time > DateTime.MaxValue.AddDays(-1) ? DateTimeOffset.MaxValue : new DateTimeOffset(time);

    /// <summary>The instant so long ago.</summary>
    public static DateTimeOffset Ago(TimeSpan duration)
    {
        var now = DateTimeOffset.UtcNow;
        return duration == TimeSpan.MinValue || duration.Duration() >= now - DateTimeOffset.MinValue ? DateTimeOffset.MinValue : now - duration.Duration();
    }
}
