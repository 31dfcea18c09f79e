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
    public DateTimeOffset First(DateTime shown)
    {
        if (zone.IsInvalidTime(shown))
            return GoesOn(shown);
        var offset = zone.IsAmbiguousTime(shown) ? zone.GetAmbiguousTimeOffsets(shown).Max() : zone.GetUtcOffset(shown);
        return Instant(shown, offset);
    }

    /// <summary>The second instant of a time that comes twice; else null.</summary>
    public DateTimeOffset? Second(DateTime shown) => zone.IsAmbiguousTime(shown) ? Instant(shown, zone.GetAmbiguousTimeOffsets(shown).Min()) : null;

    /// <summary>Whether the clocks go back between two instants, or one of them has a time that comes twice.</summary>
    public bool GoesBack(DateTimeOffset from, DateTimeOffset until)
        => zone.GetUtcOffset(until) < zone.GetUtcOffset(from) || zone.IsAmbiguousTime(At(from)) || zone.IsAmbiguousTime(At(until));

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
