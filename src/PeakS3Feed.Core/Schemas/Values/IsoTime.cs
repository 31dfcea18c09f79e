namespace PeakS3Feed.Schemas.Values;

/// <summary>Parses dates and times in ISO 8601's extended form, years 0001 to 9999, in the Gregorian calendar.</summary>
internal static class IsoTime
{
    /// <summary>Microseconds in a day.</summary>
    public const long MicrosPerDay = 86_400_000_000;

    private const int DateLength = 10;
    private const int MaxFractionDigits = 6;
    private const long MicrosPerSecond = 1_000_000;

    private static readonly DigitLayout YearAndMonth = new("0000-00-"u8);
    private static readonly DigitLayout TimeOfDay = new("00:00:00"u8);

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    // The number of days before each month of a year without a leap day, and after the last month.
    private static ReadOnlySpan<short> DaysBefore => [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

    /// <summary>Parses <c>yyyy-MM-dd</c> into days since 1970-01-01.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> utf8, out int days)
    {
        days = 0;
        if (utf8.Length != DateLength || !YearAndMonth.TryRead(utf8, out var digits) || !TryParsePair(utf8[8..], out var day))
            return false;
        var year = (DigitLayout.Pair(digits, 0) * 100) + DigitLayout.Pair(digits, 2);
        var month = DigitLayout.Pair(digits, 5);
        if (year < 1 || month is < 1 or > 12)
            return false;
        var leapDay = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 1 : 0;
        var before = DaysBefore[month - 1] + (month > 2 ? leapDay : 0);
        if (day < 1 || day > DaysBefore[month] + (month >= 2 ? leapDay : 0) - before)
            return false;
        var years = year - 1;
        days = (years * 365) + (years / 4) - (years / 100) + (years / 400) + before + day - 1 - Epoch;
        return true;
    }

    /// <summary>
    /// Parses a date, <c>T</c> or a blank, and <c>HH:mm[:ss[.f]]</c> with one to six digits after the point, into microseconds since
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
    /// Parses a timestamp followed by <c>Z</c>, <c>±HH</c>, <c>±HHmm</c> or <c>±HH:mm</c> into microseconds since 1970-01-01T00:00:00Z. The
    /// instant must also be in the years 0001 to 9999.
    /// </summary>
    public static bool TryParseTimestampTz(ReadOnlySpan<byte> utf8, out long micros)
    {
        micros = 0;
        if (utf8.Length <= DateLength)
            return false;
        var zone = utf8[^1] == 'Z' ? utf8.Length - 1 - DateLength : utf8[DateLength..].IndexOfAny("Z+-"u8);
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
        if (utf8.Length == 5)
        {
            if (utf8[2] != ':' || !TryParsePair(utf8, out var hours) || hours > 23 || !TryParsePair(utf8[3..], out var minutes) || minutes > 59)
                return false;
            micros = ((hours * 3600L) + (minutes * 60L)) * MicrosPerSecond;
            return true;
        }

        if (utf8.Length < 8 || !TimeOfDay.TryRead(utf8, out var digits))
            return false;
        var hour = DigitLayout.Pair(digits, 0);
        var minute = DigitLayout.Pair(digits, 3);
        var second = DigitLayout.Pair(digits, 6);
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        micros = ((hour * 3600L) + (minute * 60L) + second) * MicrosPerSecond;
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
        if (digits.Length is 0 or > MaxFractionDigits)
            return false;
        for (var i = 0; i < MaxFractionDigits; i++)
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
