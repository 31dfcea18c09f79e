namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Converts dates to instants. A value out of range becomes the earliest or latest instant.</summary>
internal static class Instants
{
    /// <summary>The instant of a date object; a date without a zone is local.</summary>
    public static DateTimeOffset From(DateTime time)
        // Within a day of the limits, an offset could leave the range.
        => time < DateTime.MinValue.AddDays(1) ? DateTimeOffset.MinValue : time > DateTime.MaxValue.AddDays(-1) ? DateTimeOffset.MaxValue : new DateTimeOffset(time);

    /// <summary>The instant this long ago.</summary>
    public static DateTimeOffset Ago(TimeSpan duration)
    {
        var now = DateTimeOffset.UtcNow;
        return duration == TimeSpan.MinValue || duration.Duration() >= now - DateTimeOffset.MinValue ? DateTimeOffset.MinValue : now - duration.Duration();
    }
}
