namespace PeakS3Feed.Schemas.Values;

/// <summary>Dates and times in ISO 8601's extended form, years 0001 to 9999, on the Gregorian calendar.</summary>
internal static class IsoTime
{
    /// <summary>Microseconds in a day.</summary>
    public const long MicrosPerDay = 86_400_000_000;

    private const int DateLength = 10;
    private const int MostFractionDigits = 6;
    private const long MicrosPerSecond = 1_000_000;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Reads <c>yyyy-MM-dd</c> into days since 1970-01-01.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> utf8, out int days)
    {
        days = 0;
        if (utf8.Length != DateLength || utf8[4] != '-' || utf8[7] != '-'
            || !TryParsePair(utf8, out var century) || !TryParsePair(utf8[2..], out var yearOfCentury)
            || !TryParsePair(utf8[5..], out var month) || !TryParsePair(utf8[8..], out var day))
            return false;
        var year = (century * 100) + yearOfCentury;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        days = new DateOnly(year, month, day).DayNumber - Epoch;
        return true;
    }

    /// <summary>
    /// Reads a date, <c>T</c> or a blank, and <c>HH:mm[:ss[.f]]</c> with one to six digits behind the point, into microseconds since
    /// 1970-01-01T00:00:00.
    /// </summary>
    public static bool TryParseTimestamp(ReadOnlySpan<byte> utf8, out long micros)
    {
        micros = 0;
        if (utf8.Length < DateLength + 6 || utf8[DateLength] is not ((byte)'T' or (byte)' ')
            || !TryParseDate(utf8[..DateLength], out var days) || !TryParseTime(utf8[(DateLength + 1)..], out var timeOfDay))
            return false;
        micros = (days * MicrosPerDay) + timeOfDay;
        return true;
    }

    /// <summary>
    /// Reads a timestamp followed by <c>Z</c>, <c>±HH</c>, <c>±HHmm</c> or <c>±HH:mm</c> into microseconds since 1970-01-01T00:00:00Z.
    /// The instant, too, must lie in the years 0001 to 9999.
    /// </summary>
    public static bool TryParseTimestampTz(ReadOnlySpan<byte> utf8, out long micros)
    {
        micros = 0;
        if (utf8.Length <= DateLength)
            return false;
        var zone = utf8[DateLength..].IndexOfAny("Z+-"u8);
        if (zone < 0 || !TryParseOffset(utf8[(DateLength + zone)..], out var offset)
            || !TryParseTimestamp(utf8[..(DateLength + zone)], out var local))
            return false;
        micros = local - offset;
        return micros >= FirstMicros && micros <= LastMicros;
    }

    private static long FirstMicros => (DateOnly.MinValue.DayNumber - Epoch) * MicrosPerDay;

    private static long LastMicros => ((DateOnly.MaxValue.DayNumber - Epoch + 1) * MicrosPerDay) - 1;

    private static bool TryParseTime(ReadOnlySpan<byte> utf8, out long micros)
    {
        micros = 0;
        if (utf8.Length < 5 || utf8[2] != ':'
            || !TryParsePair(utf8, out var hour) || hour > 23
            || !TryParsePair(utf8[3..], out var minute) || minute > 59)
            return false;
        micros = ((hour * 3600L) + (minute * 60L)) * MicrosPerSecond;
        if (utf8.Length == 5)
            return true;
        if (utf8.Length < 8 || utf8[5] != ':' || !TryParsePair(utf8[6..], out var second) || second > 59)
            return false;
        micros += second * MicrosPerSecond;
        if (utf8.Length == 8)
            return true;
        if (utf8[8] != '.' || !TryParseFraction(utf8[9..], out var fraction))
            return false;
        micros += fraction;
        return true;
    }

    private static bool TryParseFraction(ReadOnlySpan<byte> digits, out long micros)
    {
        micros = 0;
        if (digits.Length is 0 or > MostFractionDigits)
            return false;
        for (var i = 0; i < MostFractionDigits; i++)
        {
            var number = i < digits.Length ? (uint)digits[i] - '0' : 0;
            if (number > 9)
                return false;
            micros = (micros * 10) + number;
        }

        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> utf8, out long micros)
    {
        micros = 0;
        if (utf8 is [(byte)'Z'])
            return true;
        var minute = 0;
        var minuteAt = utf8.Length switch { 3 => 0, 5 => 3, 6 when utf8[3] == ':' => 4, _ => -1 };
        if (minuteAt < 0 || utf8[0] is not ((byte)'+' or (byte)'-')
            || !TryParsePair(utf8[1..], out var hour) || hour > 14
            || (minuteAt > 0 && (!TryParsePair(utf8[minuteAt..], out minute) || minute > (hour == 14 ? 0 : 59))))
            return false;
        micros = ((hour * 3600L) + (minute * 60L)) * MicrosPerSecond;
        if (utf8[0] == '-')
            micros = -micros;
        return true;
    }

    private static bool TryParsePair(ReadOnlySpan<byte> utf8, out int value)
    {
        var tens = (uint)utf8[0] - '0';
        var ones = (uint)utf8[1] - '0';
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9;
    }
}
