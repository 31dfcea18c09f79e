namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>RFC 1952, member by member, with every checksum; null where a file must fail.</summary>
internal static class GzipOracle
{
    private const int HeaderCrc = 2;
    private const int Extra = 4;
    private const int Name = 8;
    private const int Comment = 16;
    private const int Reserved = 0xE0;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
        Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];

    /// <summary>The content of a file: what is packed once or twice is unpacked.</summary>
    public static byte[]? Content(byte[] stored)
    {
        for (var layer = 0; BeginsLikeGzip(stored); layer++)
        {
            if (layer == 2 || Unpack(stored) is not { } unpacked)
                return null;
            stored = unpacked;
        }

        return stored;
    }

    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFF;
        foreach (var b in bytes)
            crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static bool BeginsLikeGzip(byte[] stored) => stored is [0x1F] or [0x1F, 0x8B, ..];

    private static byte[]? Unpack(byte[] stored)
    {
        try
        {
            var content = new List<byte>();
            var at = 0;
            do
            {
                at = BehindHeader(stored, at);
                var member = new Inflate(stored, at).Run(out at);
                if (Number(stored, at, 4) != Crc32(member) || Number(stored, at + 4, 4) != (uint)member.Length)
                    return null;
                content.AddRange(member);
                at += 8;
            }
            while (stored.AsSpan(at).ContainsAnyExcept((byte)0));
            return [.. content];
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }

    private static int BehindHeader(byte[] stored, int start)
    {
        if (Number(stored, start, 2) != 0x8B1F || Number(stored, start + 2, 1) != 8)
            throw new InvalidDataException("header");
        var flags = (int)Number(stored, start + 3, 1);
        _ = Number(stored, start + 4, 4);
        _ = Number(stored, start + 8, 2);
        if ((flags & Reserved) != 0)
            throw new InvalidDataException("flags");
        var at = start + 10;
        if ((flags & Extra) != 0)
            at += 2 + (int)Number(stored, at, 2);
        foreach (var text in (ReadOnlySpan<int>)[Name, Comment])
        {
            while ((flags & text) != 0 && Number(stored, at++, 1) != 0)
            {
            }
        }

        if ((flags & HeaderCrc) == 0)
            return at;
        if (at > stored.Length || Number(stored, at, 2) != (Crc32(stored.AsSpan(start, at - start)) & 0xFFFF))
            throw new InvalidDataException("header checksum");
        return at + 2;
    }

    private static uint Number(byte[] bytes, int at, int length)
    {
        if (at + length > bytes.Length)
            throw new EndOfStreamException();
        var value = 0u;
        for (var i = length - 1; i >= 0; i--)
            value = (value << 8) | bytes[at + i];
        return value;
    }
}
