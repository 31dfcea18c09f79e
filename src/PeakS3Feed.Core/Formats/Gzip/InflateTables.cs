namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// The codes of a block of deflate data: those that deflate defines, or those that the block has before its data (RFC 1951, 3.2.6 and 3.2.7).
/// </summary>
internal sealed class InflateTables
{
    /// <summary>The length of the index of <see cref="Literals"/>.</summary>
    public const int LiteralIndexBits = 11;

    /// <summary>The length of the index of <see cref="Distances"/>.</summary>
    public const int DistanceIndexBits = 8;

    private const int LengthsIndexBits = 7;
    private const int MaxLiteralCodes = 286;
    private const int MaxDistanceCodes = DeflateSymbols.MaxDistances;

    // The worst codes need fewer entries.
    private const int LiteralEntries = 2400;
    private const int DistanceEntries = 512;

    private HuffmanTable? _lengths;
    private bool _isFixed;

    /// <summary>The codes of literals, of the end of a block, and of lengths of matches.</summary>
    public HuffmanTable Literals { get; } = new(LiteralIndexBits, LiteralEntries);

    /// <summary>The codes of distances of matches.</summary>
    public HuffmanTable Distances { get; } = new(DistanceIndexBits, DistanceEntries);

    // The order in which the lengths of the codes for lengths are stored.
    private static ReadOnlySpan<byte> LengthsOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Uses the codes that deflate defines.</summary>
    public void UseFixed()
    {
        if (_isFixed)
            return;
        Span<byte> lengths = stackalloc byte[288];
        lengths.Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        Literals.TryBuild(lengths, DeflateSymbols.Literals);
        Literals.JoinLiterals();
        lengths = lengths[..32];
        lengths.Fill(5);
        Distances.TryBuild(lengths, DeflateSymbols.Distances);
        _isFixed = true;
    }

    /// <summary>Reads the codes of a block. Returns null, or why it stopped; then nothing has been read.</summary>
    public InflateResult? Read(ref BitReader bits)
    {
        if (!bits.TryTake(14, out var header))
            return InflateResult.NeedsInput;
        var literals = (int)(header & 31) + 257;
        var distances = (int)((header >> 5) & 31) + 1;
        if (literals > MaxLiteralCodes || distances > MaxDistanceCodes)
            return InflateResult.Corrupt;
        Span<byte> lengths = stackalloc byte[MaxLiteralCodes + MaxDistanceCodes];
        lengths.Clear();
        for (var i = 0; i < (header >> 10) + 4; i++)
        {
            if (!bits.TryTake(3, out var length))
                return InflateResult.NeedsInput;
            lengths[LengthsOrder[i]] = (byte)length;
        }

        _lengths ??= new(LengthsIndexBits, 1 << LengthsIndexBits);
        if (!_lengths.TryBuild(lengths[..DeflateSymbols.Lengths.Length], DeflateSymbols.Lengths, isIncompleteAllowed: false))
            return InflateResult.Corrupt;
        lengths.Clear();
        if (ReadLengths(ref bits, lengths[..(literals + distances)]) is { } stopped)
            return stopped;
        _isFixed = false;
        if (lengths[DeflateSymbols.EndOfBlock] == 0 || !Literals.TryBuild(lengths[..literals], DeflateSymbols.Literals)
            || !Distances.TryBuild(lengths.Slice(literals, distances), DeflateSymbols.Distances))
            return InflateResult.Corrupt;
        Literals.JoinLiterals();
        return null;
    }

    private InflateResult? ReadLengths(ref BitReader bits, scoped Span<byte> lengths)
    {
        for (var at = 0; at < lengths.Length;)
        {
            bits.Fill();
            var entry = _lengths!.Entries[bits.Bits & _lengths.IndexMask];
            var codeBits = HuffmanEntry.Bits(entry);
            var symbol = (int)(entry >> 16);
            var (repeated, smallest, extraBits) = symbol switch
            {
                < 16 => ((byte)symbol, 1, 0),
                16 => (at == 0 ? (byte)0 : lengths[at - 1], 3, 2),
                17 => ((byte)0, 3, 3),
                _ => ((byte)0, 11, 7),
            };
            if (bits.Count < codeBits + extraBits)
                return InflateResult.NeedsInput;
            bits.Skip(codeBits);
            bits.TryTake(extraBits, out var more);
            var count = smallest + (int)more;
            if ((symbol == 16 && at == 0) || at + count > lengths.Length)
                return InflateResult.Corrupt;
            lengths.Slice(at, count).Fill(repeated);
            at += count;
        }

        return null;
    }
}
