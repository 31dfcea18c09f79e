using System.Globalization;
using System.Text;

namespace PeakS3Feed.Bench.Checks;

/// <summary>Parses instants as PostgreSQL, SQLite and the files write them: 2026-01-31 10:00:00.5+00, 2026-01-31T10:00:00Z.</summary>
internal static class InstantText
{
    /// <summary>Returns microseconds since 1970-01-01T00:00:00Z.</summary>
    public static long Microseconds(ReadOnlySpan<byte> text)
    {
        if (IsUtc(text, out var end) && TryMicroseconds(text[..end], out var microseconds))
            return microseconds;
        var time = DateTimeOffset.Parse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.None);
        return (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    private static bool IsUtc(ReadOnlySpan<byte> text, out int end)
    {
        end = text.Length - (text.EndsWith("Z"u8) ? 1 : 3);
        return text.EndsWith("Z"u8) || text.EndsWith("+00"u8);
    }

    // The usual form. DateTimeOffset needs ten times as long for it.
    private static bool TryMicroseconds(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length < 19 || text.Length is 20 or > 26 || (text.Length > 19 && text[19] != '.'))
            return false;
        var day = new DateTime(Number(text[..4]), Number(text[5..7]), Number(text[8..10]), 0, 0, 0, DateTimeKind.Utc);
        var seconds = (Number(text[11..13]) * 3600) + (Number(text[14..16]) * 60) + Number(text[17..19]);
        microseconds = ((day - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) + (seconds * 1_000_000L);
        if (text.Length > 20)
            microseconds += Number(text[20..]) * (long)Math.Pow(10, 26 - text.Length);
        return true;
    }

    private static int Number(ReadOnlySpan<byte> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
