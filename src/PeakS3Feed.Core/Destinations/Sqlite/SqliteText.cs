using System.Buffers.Text;
using System.Globalization;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Writes values as the text that SQLite keeps, in UTF-8; each gives the number of bytes. 64 bytes are always enough.</summary>
internal static class SqliteText
{
    public const int MaxBytes = 64;

    /// <summary>An exact number with all digits of its scale: 1.50.</summary>
    public static int Decimal(Int128 value, int scale, Span<byte> utf8)
    {
        Span<byte> digits = stackalloc byte[48];
        (value < 0 ? -value : value).TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
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
        digits[whole..count].CopyTo(utf8[length..]);
        return length + count - whole;
    }

    /// <summary>yyyy-MM-dd.</summary>
    public static int Date(int unixDays, Span<byte> utf8)
    {
        DateOnly.FromDayNumber(unixDays + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber)
            .TryFormat(utf8, out var count, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return count;
    }

    /// <summary>yyyy-MM-ddTHH:mm:ss.ffffff, and Z for an instant.</summary>
    public static int Timestamp(long unixMicroseconds, bool zoned, Span<byte> utf8)
    {
        var time = DateTime.UnixEpoch.AddTicks(unixMicroseconds * TimeSpan.TicksPerMicrosecond);
        if (!Utf8Formatter.TryFormat(time, utf8, out var count, 'O')) // …ss.fffffffZ
            throw new InvalidOperationException();
        count -= 2;
        if (zoned)
            utf8[count++] = (byte)'Z';
        return count;
    }
}
