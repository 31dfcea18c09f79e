using System.Buffers.Binary;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>timestamp and timestamptz: microseconds, which PostgreSQL counts from 2000-01-01.</summary>
internal readonly struct PgTimestamp : IPgValue<long>
{
    private const long EpochMicroseconds = 10_957 * 86_400_000_000L;

    public static int Width => 8;

    public static void Write(Span<byte> output, long value) => BinaryPrimitives.WriteInt64BigEndian(output, value - EpochMicroseconds);
}
