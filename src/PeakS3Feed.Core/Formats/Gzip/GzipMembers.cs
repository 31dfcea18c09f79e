using System.Buffers.Binary;
using PeakS3Feed.Files;

namespace PeakS3Feed.Formats.Gzip;

/// <summary>The headers and trailers of gzip members (RFC 1952, 2.3), and what a trailer has to be equal to.</summary>
internal sealed class GzipMembers
{
    /// <summary>The size of a trailer in bytes.</summary>
    public const int TrailerBytes = 8;

    private const int FixedHeaderBytes = 10;
    private const int Deflate = 8;
    private const int HasChecksum = 2;
    private const int HasExtra = 4;
    private const int HasName = 8;
    private const int HasComment = 16;
    private const int Reserved = 0xE0;

    private ReflectedCrc _crc = ReflectedCrc.Crc32();
    private uint _length;

    /// <summary>The number of members that have begun.</summary>
    public int Count { get; private set; }

    /// <summary>Whether zeros have followed the last member.</summary>
    public bool IsPadded { get; set; }

    /// <summary>Reads a header. Returns null if it needs more input, and false if it is not a header.</summary>
    /// <param name="input">The input from the header's first byte on.</param>
    /// <param name="bytes">The header's size in bytes.</param>
    public static bool? ReadHeader(ReadOnlySpan<byte> input, out int bytes)
    {
        bytes = FixedHeaderBytes;
        ReadOnlySpan<byte> start = [0x1F, 0x8B, Deflate];
        var common = Math.Min(start.Length, input.Length);
        if (!input[..common].SequenceEqual(start[..common]) || (input.Length > 3 && (input[3] & Reserved) != 0))
            return false;
        if (input.Length < bytes)
            return null;
        var flags = input[3];
        if ((flags & HasExtra) != 0)
        {
            if (input.Length < bytes + 2)
                return null;
            bytes += 2 + BinaryPrimitives.ReadUInt16LittleEndian(input[bytes..]);
        }

        foreach (var text in (ReadOnlySpan<int>)[HasName, HasComment])
        {
            if ((flags & text) == 0)
                continue;
            var length = bytes > input.Length ? -1 : input[bytes..].IndexOf((byte)0);
            if (length < 0)
                return null;
            bytes += length + 1;
        }

        return (flags & HasChecksum) == 0 ? bytes <= input.Length ? true : null : ReadChecksum(input, ref bytes);
    }

    /// <summary>Begins a member.</summary>
    public void Begin()
    {
        Count++;
        _length = 0;
        _crc = ReflectedCrc.Crc32();
    }

    /// <summary>Counts bytes of the member's content.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        _crc.Append(content);
        _length += (uint)content.Length;
    }

    /// <summary>Whether the input begins with the trailer of the content so far: its CRC-32, and its length modulo 2^32.</summary>
    public bool IsTrailer(ReadOnlySpan<byte> input)
        => BinaryPrimitives.ReadUInt32LittleEndian(input) == BinaryPrimitives.ReadUInt32BigEndian(_crc.Current())
            && BinaryPrimitives.ReadUInt32LittleEndian(input[4..]) == _length;

    // The lower half of the header's CRC-32.
    private static bool? ReadChecksum(ReadOnlySpan<byte> input, ref int bytes)
    {
        if (input.Length < bytes + 2)
            return null;
        var crc = ReflectedCrc.Crc32();
        crc.Append(input[..bytes]);
        var expected = BinaryPrimitives.ReadUInt16BigEndian(crc.Current().AsSpan(2));
        var found = BinaryPrimitives.ReadUInt16LittleEndian(input[bytes..]);
        bytes += 2;
        return found == expected;
    }
}
