using System.Buffers.Binary;
using System.IO.Compression;
using PeakS3Feed.Fuzz.Oracles;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Packs content as gzip in all the ways there are.</summary>
internal static class Packing
{
    /// <summary>A whole gzip file: one or many members, zeros behind it, twice.</summary>
    public static byte[] Pack(byte[] content, Dice dice)
    {
        var packed = Members(content, dice);
        if (dice.OneIn(6))
            packed = Members(packed, dice);
        return dice.OneIn(6) ? [.. packed, .. new byte[dice.Pick(1, 2, 7, 512, 65_536, 70_000)]] : packed;
    }

    private static byte[] Members(byte[] content, Dice dice)
    {
        var packed = new List<byte>();
        var at = 0;
        for (var members = dice.OneIn(3) ? dice.Between(2, 6) : 1; members > 1; members--)
        {
            var end = dice.Between(at, content.Length);
            packed.AddRange(Member(content[at..end], dice));
            at = end;
        }

        packed.AddRange(Member(content[at..], dice));
        return [.. packed];
    }

    private static byte[] Member(byte[] content, Dice dice)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, dice.Pick(CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.NoCompression), leaveOpen: true))
            deflate.Write(content);
        // An empty stream of .NET has no block at all.
        byte[] body = content.Length == 0 ? [3, 0] : deflated.ToArray();
        var trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, GzipOracle.Crc32(content));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), (uint)content.Length);
        return [.. Header(dice), .. body, .. trailer];
    }

    private static byte[] Header(Dice dice)
    {
        var flags = dice.OneIn(4) ? dice.Between(0, 31) : 0;
        byte[] header = [0x1F, 0x8B, 8, (byte)flags, 0, 0, 0, 0, 0, dice.Pick<byte>(0, 3, 255)];
        if ((flags & 4) != 0)
            header = [.. header, 6, 0, (byte)'B', (byte)'C', 2, 0, 0x1F, 0x8B];
        if ((flags & 8) != 0)
            header = [.. header, .. "name.csv\0"u8];
        if ((flags & 16) != 0)
            header = [.. header, .. "why\0"u8];
        if ((flags & 2) == 0)
            return header;
        var crc = GzipOracle.Crc32(header);
        return [.. header, (byte)crc, (byte)(crc >> 8)];
    }
}
