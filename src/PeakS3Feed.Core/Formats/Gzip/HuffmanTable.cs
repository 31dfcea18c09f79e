namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// Decodes the codes of one alphabet of deflate data (RFC 1951, 3.2) by lookup: the next bits of the data are the index of an entry. Codes longer
/// than the index have a second table, to which an entry of the first one leads.
/// </summary>
/// <param name="indexBits">The length of the index of the first table.</param>
/// <param name="capacity">The number of entries that the alphabet needs at most, with all second tables.</param>
internal sealed class HuffmanTable(int indexBits, int capacity)
{
    /// <summary>The length of the longest code, in bits.</summary>
    public const int MaxCodeBits = 15;

    /// <summary>The entries, of which the first table has the first ones.</summary>
    public uint[] Entries { get; } = new uint[capacity];

    /// <summary>The length of the index of the first table.</summary>
    public int IndexBits => indexBits;

    /// <summary>The bits of an index.</summary>
    public uint IndexMask { get; } = (1u << indexBits) - 1;

    /// <summary>
    /// Builds the table. Returns false if the lengths are not those of a prefix code: too many codes, or too few, unless there is none or one of one
    /// bit. What such a code leaves open decodes to <see cref="HuffmanEntry.Invalid"/>.
    /// </summary>
    /// <param name="lengths">The length of each symbol's code, 0 for a symbol without one.</param>
    /// <param name="symbols">What each symbol decodes to.</param>
    /// <param name="isIncompleteAllowed">Whether a code of one bit may be alone.</param>
    public bool TryBuild(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, bool isIncompleteAllowed = true)
    {
        Span<int> counts = stackalloc int[MaxCodeBits + 1];
        foreach (var length in lengths)
            counts[length]++;
        counts[0] = 0;
        var max = MaxCodeBits;
        while (max > 0 && counts[max] == 0)
            max--;
        Entries.AsSpan(0, 1 << indexBits).Fill(HuffmanEntry.Invalid);
        return IsPrefixCode(counts, max, isIncompleteAllowed) && Fill(lengths, symbols, counts, max);
    }

    /// <summary>
    /// Joins literals: where the index has room for the codes of two literals, one lookup decodes both. Most of the data of a text consists of
    /// literals.
    /// </summary>
    public void JoinLiterals()
    {
        var size = 1 << indexBits;

        // The second literal of an entry is at a smaller index, or at the same one (0), which is joined later.
        for (var index = size - 1; index >= 0; index--)
        {
            var first = Entries[index];
            if (!HuffmanEntry.IsLiteral(first))
                continue;
            var bits = HuffmanEntry.Bits(first);
            var second = Entries[index >> bits];
            if (HuffmanEntry.IsLiteral(second) && bits + HuffmanEntry.Bits(second) <= indexBits)
                Entries[index] = HuffmanEntry.Join(first, second);
        }
    }

    private static bool IsPrefixCode(ReadOnlySpan<int> counts, int max, bool isIncompleteAllowed)
    {
        var free = 1;
        for (var length = 1; length <= MaxCodeBits; length++)
        {
            free = (free << 1) - counts[length];
            if (free < 0)
                return false;
        }

        return free == 0 || (isIncompleteAllowed && max <= 1);
    }

    private bool Fill(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, Span<int> counts, int max)
    {
        Span<uint> next = stackalloc uint[MaxCodeBits + 2];
        for (var length = 1; length <= MaxCodeBits; length++)
            next[length + 1] = (next[length] + (uint)counts[length]) << 1;
        Span<short> order = stackalloc short[lengths.Length];
        Sort(lengths, counts, order, out var used);

        var (prefix, second, secondBits) = (uint.MaxValue, 1 << indexBits, 0);
        foreach (var symbol in order[..used])
        {
            var length = lengths[symbol];
            var code = Reverse(next[length]++, length);
            if (length <= indexBits)
            {
                for (var index = code; index <= IndexMask; index += 1u << length)
                    Entries[index] = HuffmanEntry.WithCode(symbols[symbol], length);
            }
            else
            {
                if ((code & IndexMask) != prefix)
                {
                    prefix = code & IndexMask;
                    second += secondBits == 0 ? 0 : 1 << secondBits;
                    secondBits = SecondBits(counts, length, max);
                    if (second + (1 << secondBits) > Entries.Length)
                        return false;
                    Entries.AsSpan(second, 1 << secondBits).Fill(HuffmanEntry.Invalid);
                    Entries[prefix] = HuffmanEntry.Second(second, indexBits, secondBits);
                }

                for (var index = code >> indexBits; index < 1u << secondBits; index += 1u << (length - indexBits))
                    Entries[second + index] = HuffmanEntry.WithCode(symbols[symbol], length - indexBits);
            }

            counts[length]--;
        }

        return true;
    }

    // The symbols with a code, in the order of their codes: by length, then by number.
    private static void Sort(ReadOnlySpan<byte> lengths, ReadOnlySpan<int> counts, Span<short> order, out int used)
    {
        Span<int> places = stackalloc int[MaxCodeBits + 2];
        for (var length = 1; length <= MaxCodeBits; length++)
            places[length + 1] = places[length] + counts[length];
        used = places[MaxCodeBits + 1];
        for (short symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] is > 0 and var length)
                order[places[length]++] = symbol;
        }
    }

    // A second table holds all codes with the same beginning: as many bits as those that are left can fill.
    private int SecondBits(ReadOnlySpan<int> left, int length, int max)
    {
        var bits = length - indexBits;
        for (var free = 1 << bits; bits + indexBits < max; free <<= 1, bits++)
        {
            free -= left[bits + indexBits];
            if (free <= 0)
                break;
        }

        return bits;
    }

    private static uint Reverse(uint code, int length)
    {
        var reversed = 0u;
        for (var bit = 0; bit < length; bit++, code >>= 1)
            reversed = (reversed << 1) | (code & 1);
        return reversed;
    }
}

/// <summary>
/// What a lookup gives, in 32 bits. Bits 0 to 5: the bits that it takes from the data, with those of a number behind the code. A literal has bit 31
/// set, how many there are (1 or 2) in bits 6 and 7, and their bytes from bit 8 on. Another entry has the length of the code in bits 8 to 12, its
/// kind in bits 13 to 15, and from bit 16 on the smallest length or distance, or the place of the second table.
/// </summary>
internal static class HuffmanEntry
{
    /// <summary>No code.</summary>
    public const uint Invalid = 1 << 13;

    /// <summary>The end of a block.</summary>
    public const uint EndOfBlock = 1 << 14;

    /// <summary>More bits are looked up in a second table, whose index has as many bits as the length of the code says.</summary>
    public const uint SecondTable = 1 << 15;

    /// <summary>Any kind but a length or a distance.</summary>
    public const uint Special = Invalid | EndOfBlock | SecondTable;

    private const uint LiteralMark = 1u << 31;
    private const uint OneLiteral = 1 << 6;

    /// <summary>The symbol of a byte.</summary>
    public static uint Literal(byte value) => LiteralMark | OneLiteral | ((uint)value << 8);

    /// <summary>The symbol of lengths or distances.</summary>
    /// <param name="smallest">The smallest one.</param>
    /// <param name="extraBits">The bits of the number that is added to it.</param>
    public static uint Number(int smallest, int extraBits) => ((uint)smallest << 16) | (uint)extraBits;

    /// <summary>The entry of a symbol whose code has so many bits.</summary>
    public static uint WithCode(uint symbol, int bits) => symbol + (uint)bits + (IsLiteral(symbol) ? 0 : (uint)bits << 8);

    /// <summary>An entry of the first table that leads to a second one.</summary>
    public static uint Second(int place, int indexBits, int secondBits)
        => ((uint)place << 16) | SecondTable | ((uint)secondBits << 8) | (uint)indexBits;

    /// <summary>Whether the entry is one or two literals.</summary>
    public static bool IsLiteral(uint entry) => (int)entry < 0;

    /// <summary>How many literals the entry has.</summary>
    public static int Literals(uint entry) => (int)(entry >> 6) & 3;

    /// <summary>The bits that the entry takes.</summary>
    public static int Bits(uint entry) => (int)(entry & 63);

    /// <summary>Two literals with one entry.</summary>
    public static uint Join(uint first, uint second)
        => LiteralMark | (2 * OneLiteral) | (first & 0xFF00) | ((second & 0xFF00) << 8) | (uint)(Bits(first) + Bits(second));
}
