namespace PeakS3Feed.Triggers;

/// <summary>
/// The instants at which the clocks of a time zone show a time. One that they leave out, when they go forward, stands for the instant at which
/// they go on; of one that they show twice, when they go back, the first instant counts.
/// </summary>
internal sealed class WallClock(TimeZoneInfo zone)
{
    /// <summary>What the clocks show.</summary>
    public DateTime At(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>The instant of a time.</summary>
    public DateTimeOffset First(DateTime shown) => Instants(shown) is [var first, ..] ? first : GoesOn(shown);

    /// <summary>The second instant of a time that comes twice; else null.</summary>
    public DateTimeOffset? Second(DateTime shown) => Instants(shown) is [_, var second] ? second : null;

    /// <summary>Whether the clocks go back between two instants, or one of them has a time that comes twice.</summary>
    public bool GoesBack(DateTimeOffset from, DateTimeOffset until)
        => zone.GetUtcOffset(until) < zone.GetUtcOffset(from) || Second(At(from)) is not null || Second(At(until)) is not null;

    // By the offsets of instants alone: what the framework says of times that are left out or come twice is wrong in zones that set their clocks
    // back for summer by their rules, as Dublin does. Nobody sets them twice within two days.
    private DateTimeOffset[] Instants(DateTime shown)
    {
        var about = Instant(shown, TimeSpan.Zero);
        var (before, after) = (zone.GetUtcOffset(about - TimeSpan.FromDays(1)), zone.GetUtcOffset(about + TimeSpan.FromDays(1)));
        var instants = new[] { before, after }.Distinct().Select(offset => (Offset: offset, At: Instant(shown, offset)));
        return [.. instants.Where(i => zone.GetUtcOffset(i.At) == i.Offset).Select(i => i.At).Order()];
    }

    // Before the gap the clocks show less than the time, behind it more: the border is where that changes.
    private DateTimeOffset GoesOn(DateTime shown)
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
