using System.Buffers.Binary;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Writes a value of a fixed width. A struct for each type gives each its own specialised loop.</summary>
internal interface IPgValue<T>
    where T : unmanaged
{
    /// <summary>The number of bytes.</summary>
    static abstract int Width { get; }

    /// <summary>Writes the value in the type's binary format.</summary>
    static abstract void Write(Span<byte> output, T value);
}

/// <summary>bool.</summary>
internal readonly struct PgBoolean : IPgValue<bool>
{
    public static int Width => 1;

    public static void Write(Span<byte> output, bool value) => output[0] = value ? (byte)1 : (byte)0;
}

/// <summary>int8.</summary>
internal readonly struct PgBigInt : IPgValue<long>
{
    public static int Width => 8;

    public static void Write(Span<byte> output, long value) => BinaryPrimitives.WriteInt64BigEndian(output, value);
}

/// <summary>float8.</summary>
internal readonly struct PgDouble : IPgValue<double>
{
    public static int Width => 8;

    public static void Write(Span<byte> output, double value) => BinaryPrimitives.WriteDoubleBigEndian(output, value);
}

/// <summary>date: days since 2000-01-01.</summary>
internal readonly struct PgDate : IPgValue<int>
{
    private const int EpochDays = 10_957;

    public static int Width => 4;

    public static void Write(Span<byte> output, int value) => BinaryPrimitives.WriteInt32BigEndian(output, value - EpochDays);
}

/// <summary>timestamp and timestamptz: microseconds since 2000-01-01T00:00:00 (UTC for timestamptz).</summary>
internal readonly struct PgTimestamp : IPgValue<long>
{
    private const long EpochMicroseconds = 10_957 * 86_400_000_000L;

    public static int Width => 8;

    public static void Write(Span<byte> output, long value) => BinaryPrimitives.WriteInt64BigEndian(output, value - EpochMicroseconds);
}
