using System.Buffers.Binary;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>int8.</summary>
internal readonly struct PgBigInt : IPgValue<long>
{
    public static int Width => 8;

    public static void Write(Span<byte> output, long value) => BinaryPrimitives.WriteInt64BigEndian(output, value);
}
