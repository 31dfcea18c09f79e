namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// What the symbols of the three alphabets of deflate data stand for (RFC 1951, 3.2.5 and 3.2.7), as entries of a table without their codes.
/// </summary>
internal static class DeflateSymbols
{
    /// <summary>The symbol at the end of a block.</summary>
    public const int EndOfBlock = 256;

    /// <summary>The number of symbols of distances.</summary>
    public const int MaxDistances = 30;

    // Literals, the end of a block, and lengths.
    private static readonly uint[] AllLiterals = CreateLiterals();
    private static readonly uint[] AllDistances = CreateDistances();
    private static readonly uint[] AllLengths = [.. Enumerable.Range(0, 19).Select(n => HuffmanEntry.Number(n, 0))];

    /// <summary>Literals, the end of a block, and the lengths of matches.</summary>
    public static ReadOnlySpan<uint> Literals => AllLiterals;

    /// <summary>The distances of matches.</summary>
    public static ReadOnlySpan<uint> Distances => AllDistances;

    /// <summary>The lengths of codes, and their repetitions.</summary>
    public static ReadOnlySpan<uint> Lengths => AllLengths;

    // Lengths 3 to 258: RFC 1951, 3.2.5. 286 and 287 are in the fixed code, but never in data.
    private static uint[] CreateLiterals()
    {
        var symbols = new uint[288];
        Array.Fill(symbols, HuffmanEntry.Invalid);
        for (var value = 0; value < EndOfBlock; value++)
            symbols[value] = HuffmanEntry.Literal((byte)value);
        symbols[EndOfBlock] = HuffmanEntry.EndOfBlock;
        for (var (symbol, smallest) = (0, 3); symbol < 28; symbol++)
        {
            var extra = symbol < 8 ? 0 : (symbol / 4) - 1;
            symbols[257 + symbol] = HuffmanEntry.Number(smallest, extra);
            smallest += 1 << extra;
        }

        symbols[285] = HuffmanEntry.Number(258, 0);
        return symbols;
    }

    private static uint[] CreateDistances()
    {
        var symbols = new uint[32];
        Array.Fill(symbols, HuffmanEntry.Invalid);
        for (var (symbol, smallest) = (0, 1); symbol < MaxDistances; symbol++)
        {
            var extra = symbol < 4 ? 0 : (symbol / 2) - 1;
            symbols[symbol] = HuffmanEntry.Number(smallest, extra);
            smallest += 1 << extra;
        }

        return symbols;
    }
}
