namespace PeakS3Feed.Formats;

/// <summary>Unescaped values, one after the other. The array grows and is kept.</summary>
internal sealed class ScratchBytes
{
    private const int FirstBytes = 256;

    /// <summary>The array. <see cref="Append"/> may replace it.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>The number of bytes in use.</summary>
    public int Length { get; private set; }

    /// <summary>Removes all values.</summary>
    public void Clear() => Length = 0;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var length = Length + bytes.Length;
        if (length > Bytes.Length)
        {
            var grown = new byte[Math.Max(Math.Max(FirstBytes, length), Bytes.Length * 2)];
            Bytes.AsSpan(0, Length).CopyTo(grown);
            Bytes = grown;
        }

        bytes.CopyTo(Bytes.AsSpan(Length));
        Length = length;
    }
}
