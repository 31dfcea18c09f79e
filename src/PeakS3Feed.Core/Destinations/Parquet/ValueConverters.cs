using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>The value itself.</summary>
internal readonly struct Same<T> : IValueConverter<T, T>
{
    public bool TryConvert(T value, out T converted)
    {
        converted = value;
        return true;
    }
}

/// <summary>A double from a float.</summary>
internal readonly struct FromFloat : IValueConverter<float, double>
{
    public bool TryConvert(float value, out double converted)
    {
        converted = value;
        return true;
    }
}

/// <summary>A bigint from a signed integer.</summary>
internal readonly struct FromInt : IValueConverter<int, long>
{
    public bool TryConvert(int value, out long converted)
    {
        converted = value;
        return true;
    }
}

/// <summary>A bigint from an unsigned integer of at most 32 bits.</summary>
internal readonly struct FromUnsigned : IValueConverter<int, long>
{
    public bool TryConvert(int value, out long converted)
    {
        converted = (uint)value;
        return true;
    }
}

/// <summary>Microseconds from milliseconds.</summary>
internal readonly struct FromMillis : IValueConverter<long, long>
{
    public bool TryConvert(long value, out long converted)
    {
        converted = unchecked(value * 1000);
        return converted / 1000 == value;
    }
}

/// <summary>Microseconds from nanoseconds; the rest is cut off, towards the past.</summary>
internal readonly struct FromNanos : IValueConverter<long, long>
{
    public bool TryConvert(long value, out long converted)
    {
        converted = (value >= 0 ? value : value - 999) / 1000;
        return value >= long.MinValue + 999;
    }
}

/// <summary>Microseconds from the old timestamps of 96 bits: nanoseconds of the day, and the Julian day.</summary>
internal readonly struct FromInt96 : IValueConverter<Native.Int96, long>
{
    private const long JulianDayOf1970 = 2_440_588;
    private const long MicrosecondsOfDay = 86_400_000_000;

    public bool TryConvert(Native.Int96 value, out long converted)
    {
        var nanoseconds = (long)(uint)value.A | ((long)value.B << 32);
        var days = (uint)value.C - JulianDayOf1970;
        converted = unchecked((days * MicrosecondsOfDay) + (nanoseconds / 1000));
        return Math.Abs(days) < long.MaxValue / MicrosecondsOfDay / 2 && nanoseconds is >= 0 and < MicrosecondsOfDay * 1000;
    }
}

/// <summary>Converts decimals to a scale that has more digits after the point, or as many.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct DecimalScale
{
    private static readonly Int128 Limit = Power(ParquetTypes.DecimalDigits);

    private readonly Int128 _factor;
    private readonly Int128 _limit;

    /// <summary>Creates the conversion.</summary>
    /// <param name="digits">How many digits are added.</param>
    public DecimalScale(int digits)
    {
        _factor = Power(digits);
        _limit = Limit / _factor;
    }

    /// <summary>Converts a value. Returns false if it then has more than 38 digits.</summary>
    public bool TryConvert(Int128 value, out Int128 converted)
    {
        converted = unchecked(value * _factor);
        return value < _limit && value > -_limit;
    }

    /// <summary>Converts a value of big-endian bytes. Returns false if it then has more than 38 digits.</summary>
    public bool TryConvert(ReadOnlySpan<byte> bytes, out Int128 converted)
    {
        converted = 0;
        var negative = bytes.Length > 0 && bytes[0] >= 0x80;
        // More than 16 bytes: those in excess must only repeat the sign.
        var excess = Math.Max(0, bytes.Length - ParquetTypes.DecimalBytes);
        if (bytes[..excess].ContainsAnyExcept(negative ? (byte)0xFF : (byte)0) || (excess > 0 && bytes[excess] >= 0x80 != negative))
            return false;
        Int128 value = negative ? -1 : 0;
        foreach (var b in bytes[excess..])
            value = (value << 8) | b;
        return TryConvert(value, out converted);
    }

    private static Int128 Power(int digits)
    {
        Int128 power = 1;
        for (var i = 0; i < digits; i++)
            power *= 10;
        return power;
    }
}

/// <summary>A decimal from an integer of 32 bits.</summary>
internal readonly struct DecimalFromInt(DecimalScale scale) : IValueConverter<int, Int128>
{
    public bool TryConvert(int value, out Int128 converted) => scale.TryConvert(value, out converted);
}

/// <summary>A decimal from an integer of 64 bits.</summary>
internal readonly struct DecimalFromLong(DecimalScale scale) : IValueConverter<long, Int128>
{
    public bool TryConvert(long value, out Int128 converted) => scale.TryConvert(value, out converted);
}

/// <summary>A decimal from bytes of a fixed number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct DecimalFromFixed(DecimalScale scale, int length) : IValueConverter<Native.FixedLenByteArray, Int128>
{
    public unsafe bool TryConvert(Native.FixedLenByteArray value, out Int128 converted)
    {
        var bytes = new ReadOnlySpan<byte>((void*)value.Pointer, length);
        return bytes.Length == ParquetTypes.DecimalBytes
            ? scale.TryConvert(BinaryPrimitives.ReadInt128BigEndian(bytes), out converted)
            : scale.TryConvert(bytes, out converted);
    }
}

/// <summary>A decimal from bytes.</summary>
internal readonly struct DecimalFromBytes(DecimalScale scale) : IValueConverter<Native.ByteArray, Int128>
{
    public unsafe bool TryConvert(Native.ByteArray value, out Int128 converted)
        => scale.TryConvert(new ReadOnlySpan<byte>((void*)value.Pointer, value.Length), out converted);
}
