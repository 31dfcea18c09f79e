namespace PeakS3Feed.Triggers;

/// <summary>Multiples of an interval since 1970, so that all who look at it agree without having agreed on a start.</summary>
internal sealed class EverySchedule(TimeSpan interval) : TriggerSchedule
{
    public override DateTimeOffset? NextAfter(DateTimeOffset after)
    {
        var passed = Math.DivRem((after - DateTimeOffset.UnixEpoch).Ticks, interval.Ticks, out var rest);
        if (rest < 0)
            passed--;
        return DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((passed + 1) * interval.Ticks);
    }
}
