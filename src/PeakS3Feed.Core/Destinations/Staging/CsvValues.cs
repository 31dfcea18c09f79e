using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>Writes one value of a type as text. A struct for each type gives each its own specialised code.</summary>
internal interface ICsvValue<T>
    where T : unmanaged
{
    /// <summary>The maximum number of bytes.</summary>
    static abstract int MaxBytes { get; }

    /// <summary>Writes the value, and returns the number of bytes. No value needs quotes.</summary>
    static abstract int Write(T value, int scale, Span<byte> output);
}

/// <summary><c>t</c> or <c>f</c>.</summary>
internal readonly struct CsvBoolean : ICsvValue<bool>
{
    public static int MaxBytes => 1;

    public static int Write(bool value, int scale, Span<byte> output)
    {
        output[0] = value ? (byte)'t' : (byte)'f';
        return 1;
    }
}

/// <summary>Decimal digits, with a minus where negative.</summary>
internal readonly struct CsvBigInt : ICsvValue<long>
{
    public static int MaxBytes => 20;

    public static int Write(long value, int scale, Span<byte> output)
    {
        Utf8Formatter.TryFormat(value, output, out var written);
        return written;
    }
}

/// <summary>All digits of a decimal, <c>-0.05</c>.</summary>
internal readonly struct CsvDecimal : ICsvValue<Int128>
{
    // 39 digits, a sign, a point, and a zero before the point.
    public static int MaxBytes => 42;

    public static int Write(Int128 value, int scale, Span<byte> output)
    {
        Span<byte> digits = stackalloc byte[40];
        var count = WriteDigits(value < 0 ? (UInt128)(-value) : (UInt128)value, digits);
        var at = 0;
        if (value < 0)
            output[at++] = (byte)'-';
        var whole = count - scale;
        if (whole <= 0)
        {
            output[at++] = (byte)'0';
        }
        else
        {
            digits[..whole].CopyTo(output[at..]);
            at += whole;
        }
        if (scale == 0)
            return at;
        output[at++] = (byte)'.';
        for (var zeros = -whole; zeros > 0; zeros--)
            output[at++] = (byte)'0';
        var fraction = digits[Math.Max(whole, 0)..count];
        fraction.CopyTo(output[at..]);
        return at + fraction.Length;
    }

    private static int WriteDigits(UInt128 magnitude, Span<byte> digits)
    {
        int written;
        if (magnitude <= ulong.MaxValue)
            Utf8Formatter.TryFormat((ulong)magnitude, digits, out written);
        else
            magnitude.TryFormat(digits, out written, default, CultureInfo.InvariantCulture);
        return written;
    }
}

/// <summary>The shortest text that is the same double again; <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>.</summary>
internal readonly struct CsvDouble : ICsvValue<double>
{
    public static int MaxBytes => 32;

    public static int Write(double value, int scale, Span<byte> output)
    {
        value.TryFormat(output, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }
}

/// <summary><c>yyyy-MM-dd</c>.</summary>
internal readonly struct CsvDate : ICsvValue<int>
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static int MaxBytes => 10;

    public static int Write(int value, int scale, Span<byte> output)
    {
        DateOnly.FromDayNumber(Epoch + value).TryFormat(output, out var written, "O", CultureInfo.InvariantCulture);
        return written;
    }
}

/// <summary><c>yyyy-MM-dd HH:mm:ss.ffffff</c>.</summary>
internal readonly struct CsvTimestamp : ICsvValue<long>
{
    private const int Bytes = 26;

    // .NET's round-trip form has seven digits behind the point.
    public static int MaxBytes => Bytes + 1;

    public static int Write(long value, int scale, Span<byte> output)
    {
        var time = new DateTime(DateTime.UnixEpoch.Ticks + (value * TimeSpan.TicksPerMicrosecond), DateTimeKind.Unspecified);
        Utf8Formatter.TryFormat(time, output, out _, new StandardFormat('O'));
        output[10] = (byte)' ';
        return Bytes;
    }
}

/// <summary><c>yyyy-MM-dd HH:mm:ss.ffffff+00</c>.</summary>
internal readonly struct CsvTimestampTz : ICsvValue<long>
{
    public static int MaxBytes => CsvTimestamp.MaxBytes + 2;

    public static int Write(long value, int scale, Span<byte> output)
    {
        var written = CsvTimestamp.Write(value, scale, output);
        "+00"u8.CopyTo(output[written..]);
        return written + 3;
    }
}
