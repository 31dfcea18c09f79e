namespace PeakS3Feed.Tests.Formats.Gzip;

/// <summary>Writes deflate data bit by bit (RFC 1951), also data that is not valid.</summary>
internal sealed class DeflateBits
{
    private readonly List<byte> _bytes = [];
    private int _count;

    /// <summary>The bytes so far; the bits of the last one that were not written are 0.</summary>
    public byte[] Bytes => [.. _bytes];

    /// <summary>Writes a number, its lowest bit first.</summary>
    public DeflateBits Number(int value, int bits)
    {
        for (var i = 0; i < bits; i++, _count++)
        {
            if (_count % 8 == 0)
                _bytes.Add(0);
            _bytes[^1] |= (byte)(((value >> i) & 1) << (_count % 8));
        }

        return this;
    }

    /// <summary>Writes a code, its highest bit first.</summary>
    public DeflateBits Code(int code, int bits)
    {
        for (var i = bits - 1; i >= 0; i--)
            Number((code >> i) & 1, 1);
        return this;
    }

    /// <summary>Begins a block: 0 stored, 1 with the fixed codes, 2 with its own codes.</summary>
    public DeflateBits Block(int type, bool isLast = true) => Number(isLast ? 1 : 0, 1).Number(type, 2);

    /// <summary>Writes a symbol of the fixed code for literals and lengths.</summary>
    public DeflateBits Fixed(int symbol) => symbol switch
    {
        < 144 => Code(0x30 + symbol, 8),
        < 256 => Code(0x190 + symbol - 144, 9),
        < 280 => Code(symbol - 256, 7),
        _ => Code(0xC0 + symbol - 280, 8),
    };

    /// <summary>Writes the header of a block with its own codes: the lengths of the codes for lengths, in the order of symbols.</summary>
    public DeflateBits Header(int literals, int distances, params int[] lengths)
    {
        int[] order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        Number(literals - 257, 5).Number(distances - 1, 5).Number(order.Length - 4, 4);
        foreach (var symbol in order)
            Number(symbol < lengths.Length ? lengths[symbol] : 0, 3);
        return this;
    }
}
