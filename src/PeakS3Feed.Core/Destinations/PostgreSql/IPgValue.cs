namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>How a value of a fixed width is sent; the compiler makes a loop of its own for each of them.</summary>
internal interface IPgValue<T>
    where T : unmanaged
{
    /// <summary>The number of bytes.</summary>
    static abstract int Width { get; }

    /// <summary>Writes the value as the type's receive function takes it.</summary>
    static abstract void Write(Span<byte> output, T value);
}
