namespace PeakS3Feed.Bench.Data;

/// <summary>Formats values as the files contain them.</summary>
internal static class ValueText
{
    public static void AddPrice(TextBuffer to, long cents)
    {
        if (cents < 0)
            to.Add((byte)'-');
        to.Add(Math.Abs(cents) / 100);
        to.Add((byte)'.');
        to.Add(Math.Abs(cents) % 100, 2);
    }

    public static void AddDay(TextBuffer to, DateOnly day)
    {
        to.Add(day.Year, 4);
        to.Add((byte)'-');
        to.Add(day.Month, 2);
        to.Add((byte)'-');
        to.Add(day.Day, 2);
    }

    public static void AddTime(TextBuffer to, long unixSeconds)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
        AddDay(to, DateOnly.FromDateTime(time.UtcDateTime));
        to.Add((byte)'T');
        to.Add(time.Hour, 2);
        to.Add((byte)':');
        to.Add(time.Minute, 2);
        to.Add((byte)':');
        to.Add(time.Second, 2);
        to.Add((byte)'Z');
    }
}
