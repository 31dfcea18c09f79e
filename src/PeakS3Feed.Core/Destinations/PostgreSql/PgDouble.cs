using System.Buffers.Binary;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>float8.</summary>
internal readonly struct PgDouble : IPgValue<double>
{
    public static int Width => 8;

    public static void Write(Span<byte> output, double value) => BinaryPrimitives.WriteDoubleBigEndian(output, value);
}
