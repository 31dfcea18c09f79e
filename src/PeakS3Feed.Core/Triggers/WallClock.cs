namespace PeakS3Feed.Triggers;

/// <summary>
/// Converts local times of a time zone to instants. A local time that is skipped, when clocks go forward, becomes the instant of the change. Of a
/// local time that occurs twice, when clocks go back, the first instant counts.
/// </summary>
internal sealed class WallClock(TimeZoneInfo zone)
{
    /// <summary>Returns the local time of an instant.</summary>
    public DateTime At(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>Returns the first instant of a local time.</summary>
    public DateTimeOffset First(DateTime shown) => Instants(shown) is [var first, ..] ? first : EndOfGap(shown);

    /// <summary>Returns the second instant of a local time that occurs twice; otherwise null.</summary>
    public DateTimeOffset? Second(DateTime shown) => Instants(shown) is [_, var second] ? second : null;

    /// <summary>Returns whether clocks go back between two instants, or one of them has a local time that occurs twice.</summary>
    public bool ClocksGoBack(DateTimeOffset from, DateTimeOffset until)
        => zone.GetUtcOffset(until) < zone.GetUtcOffset(from) || Second(At(from)) is not null || Second(At(until)) is not null;

    // Uses only the offsets of instants. The framework's answers about skipped and repeated times are wrong in zones whose rules set clocks back for
    // summer, such as Dublin. Assumes that clocks change at most once in two days.
    private DateTimeOffset[] Instants(DateTime shown)
    {
        var about = Instant(shown, TimeSpan.Zero);
        var (before, after) = (zone.GetUtcOffset(about - TimeSpan.FromDays(1)), zone.GetUtcOffset(about + TimeSpan.FromDays(1)));
        var instants = new[] { before, after }.Distinct().Select(offset => (Offset: offset, At: Instant(shown, offset)));
        return [.. instants.Where(i => zone.GetUtcOffset(i.At) == i.Offset).Select(i => i.At).Order()];
    }

    // Searches for the instant of the change: before it the local time is less than the time, after it more.
    private DateTimeOffset EndOfGap(DateTime shown)
    {
        var before = Instant(shown, TimeSpan.Zero) - TimeSpan.FromDays(1.5);
        var after = Instant(shown, TimeSpan.Zero) + TimeSpan.FromDays(1.5);
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + ((after - before) / 2);
            if (At(middle) < shown)
                before = middle;
            else
                after = middle;
        }

        return after;
    }

    private static DateTimeOffset Instant(DateTime shown, TimeSpan offset) => new DateTimeOffset(shown.Ticks, offset).ToUniversalTime();
}
