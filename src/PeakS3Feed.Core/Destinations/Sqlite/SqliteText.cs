namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Writes values as the text that SQLite keeps, in UTF-8; each method returns the number of bytes. 64 bytes are always enough.</summary>
internal static class SqliteText
{
    public const int MaxBytes = 64;
    private const long MicrosecondsPerDay = 86_400_000_000;
    private const int MaxDigits = 39; // of 2^127

    /// <summary>An exact number with all digits of its scale: 1.50.</summary>
    public static int Decimal(Int128 value, int scale, Span<byte> utf8)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        var count = MaxDigits - Digits(value < 0 ? (UInt128)(-value) : (UInt128)value, digits);
        digits = digits[^count..];
        var length = 0;
        if (value < 0)
            utf8[length++] = (byte)'-';
        var whole = Math.Max(0, count - scale);
        if (whole == 0)
            utf8[length++] = (byte)'0';
        digits[..whole].CopyTo(utf8[length..]);
        length += whole;
        if (scale == 0)
            return length;
        utf8[length++] = (byte)'.';
        var zeros = scale - (count - whole);
        utf8.Slice(length, zeros).Fill((byte)'0');
        length += zeros;
        digits[whole..].CopyTo(utf8[length..]);
        return length + count - whole;
    }

    /// <summary>yyyy-MM-dd.</summary>
    public static int Date(int unixDays, Span<byte> utf8)
    {
        // Days from 0000-03-01, so that a leap day ends its year; 400 years have 146,097 days, and five months from March on 153.
        var days = (uint)(unixDays + 719_468);
        var era = days / 146_097;
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * month) + 2) / 5) + 1;
        month = month < 10 ? month + 3 : month - 9;
        var year = (era * 400) + yearOfEra + (month <= 2 ? 1u : 0u);

        _ = utf8[9];
        Two(utf8, 0, year / 100);
        Two(utf8, 2, year % 100);
        utf8[4] = (byte)'-';
        Two(utf8, 5, month);
        utf8[7] = (byte)'-';
        Two(utf8, 8, day);
        return 10;
    }

    /// <summary>yyyy-MM-ddTHH:mm:ss.ffffff, and Z for an instant.</summary>
    public static int Timestamp(long unixMicroseconds, bool zoned, Span<byte> utf8)
    {
        var days = Math.DivRem(unixMicroseconds, MicrosecondsPerDay, out var rest);
        if (rest < 0)
        {
            days--;
            rest += MicrosecondsPerDay;
        }
        Date((int)days, utf8);
        var seconds = (uint)((ulong)rest / 1_000_000);
        var fraction = (uint)((ulong)rest - (seconds * 1_000_000UL));

        _ = utf8[26];
        utf8[10] = (byte)'T';
        Two(utf8, 11, seconds / 3600);
        utf8[13] = (byte)':';
        Two(utf8, 14, seconds / 60 % 60);
        utf8[16] = (byte)':';
        Two(utf8, 17, seconds % 60);
        utf8[19] = (byte)'.';
        Two(utf8, 20, fraction / 10_000);
        Two(utf8, 22, fraction / 100 % 100);
        Two(utf8, 24, fraction % 100);
        utf8[26] = (byte)'Z';
        return zoned ? 27 : 26;
    }

    /// <summary>Writes the digits, at least one, up to the end of the span; returns where they begin.</summary>
    private static int Digits(UInt128 value, Span<byte> utf8)
    {
        var at = utf8.Length;
        while (value > ulong.MaxValue)
        {
            (value, var digit) = UInt128.DivRem(value, 10);
            utf8[--at] = (byte)('0' + (byte)digit);
        }
        var rest = (ulong)value;
        while (rest >= 100)
        {
            (rest, var two) = Math.DivRem(rest, 100);
            at -= 2;
            Two(utf8, at, (uint)two);
        }
        if (rest < 10)
        {
            utf8[--at] = (byte)('0' + rest);
            return at;
        }
        Two(utf8, at - 2, (uint)rest);
        return at - 2;
    }

    private static void Two(Span<byte> utf8, int at, uint value)
    {
        var tens = (value * 103) >> 10; // value / 10, as far as 99
        utf8[at] = (byte)('0' + tens);
        utf8[at + 1] = (byte)('0' + value - (tens * 10));
    }
}
