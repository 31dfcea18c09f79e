using System.Buffers.Binary;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>date: days, which PostgreSQL counts from 2000-01-01.</summary>
internal readonly struct PgDate : IPgValue<int>
{
    private const int EpochDays = 10_957;

    public static int Width => 4;

    public static void Write(Span<byte> output, int value) => BinaryPrimitives.WriteInt32BigEndian(output, value - EpochDays);
}
