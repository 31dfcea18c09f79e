namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>bool.</summary>
internal readonly struct PgBoolean : IPgValue<bool>
{
    public static int Width => 1;

    public static void Write(Span<byte> output, bool value) => output[0] = value ? (byte)1 : (byte)0;
}
