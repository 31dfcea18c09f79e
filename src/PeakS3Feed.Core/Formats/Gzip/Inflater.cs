namespace PeakS3Feed.Formats.Gzip;

/// <summary>Why decompression stopped.</summary>
internal enum InflateResult
{
    /// <summary>More input is needed.</summary>
    NeedsInput,

    /// <summary>The output has too little room.</summary>
    NeedsOutput,

    /// <summary>The data has ended.</summary>
    Ended,

    /// <summary>It is not deflate data.</summary>
    Corrupt,
}

/// <summary>
/// Decompresses deflate data (RFC 1951), as fast as one thread can. It reads from a part of an array and writes to a part of another one, in which
/// the 32 KiB before must stay. An input that ends anywhere is continued. Not thread-safe.
/// </summary>
internal sealed class Inflater
{
    /// <summary>The most bytes before the end of the output that matches refer to.</summary>
    public const int WindowBytes = 32 * 1024;

    /// <summary>The room that the output needs, at least: a match, and bytes that are overwritten after it.</summary>
    public const int MinOutput = InflateCodes.MinOutput;

    private const int StoredType = 0;
    private const int FixedType = 1;
    private const int DynamicType = 2;

    private readonly InflateTables _tables = new();
    private readonly InflateCodes _codes;
    private Part _part;
    private bool _isLast;
    private int _stored;

    // Fewer than eight bits of a byte that was read.
    private ulong _bits;
    private int _count;

    private enum Part
    {
        BlockStart,
        Stored,
        Codes,
        Ended,
    }

    /// <summary>Creates a decompressor of new data.</summary>
    public Inflater() => _codes = new(_tables);

    /// <summary>Begins new data.</summary>
    public void Reset() => (_part, _bits, _count) = (Part.BlockStart, 0, 0);

    /// <summary>Decompresses until it needs something or the data has ended.</summary>
    /// <param name="input">The input.</param>
    /// <param name="inputAt">The first byte that was not read yet. After <see cref="InflateResult.Ended"/> the byte after the data.</param>
    /// <param name="output">The output, with the bytes before <paramref name="outputAt"/>.</param>
    /// <param name="outputAt">Where the next byte is written.</param>
    /// <param name="outputStart">The first byte of the data that is still in the output.</param>
    public InflateResult Run(ReadOnlySpan<byte> input, ref int inputAt, Span<byte> output, ref int outputAt, int outputStart)
    {
        var bits = new BitReader(input, inputAt, _bits, _count);
        var result = Run(ref bits, output, ref outputAt, outputStart);
        bits.ReturnBytes();
        (inputAt, _bits, _count) = (bits.At, bits.Bits, bits.Count);
        return result;
    }

    private InflateResult Run(ref BitReader bits, Span<byte> output, ref int outputAt, int outputStart)
    {
        while (_part != Part.Ended)
        {
            var before = bits;
            var next = _isLast ? Part.Ended : Part.BlockStart;
            var stopped = _part switch
            {
                Part.BlockStart => BeginBlock(ref bits, out next),
                Part.Stored => CopyStored(ref bits, output, ref outputAt),
                _ => _codes.Decode(ref bits, output, ref outputAt, outputStart),
            };
            if (stopped is { } result)
            {
                // The start of a block is read as a whole.
                if (_part == Part.BlockStart)
                    bits = before;
                return result;
            }

            _part = next;
        }

        return InflateResult.Ended;
    }

    private InflateResult? BeginBlock(ref BitReader bits, out Part next)
    {
        next = Part.Codes;
        if (!bits.TryTake(3, out var header))
            return InflateResult.NeedsInput;
        _isLast = (header & 1) != 0;
        switch (header >> 1)
        {
            case StoredType:
                next = Part.Stored;
                bits.SkipToByte();
                if (!bits.TryTake(16, out var length) || !bits.TryTake(16, out var complement))
                    return InflateResult.NeedsInput;
                _stored = (int)length;
                return length == (complement ^ 0xFFFF) ? null : InflateResult.Corrupt;
            case FixedType:
                _tables.UseFixed();
                return null;
            case DynamicType:
                return _tables.Read(ref bits);
            default:
                return InflateResult.Corrupt;
        }
    }

    private InflateResult? CopyStored(ref BitReader bits, Span<byte> output, ref int outputAt)
    {
        bits.ReturnBytes();
        while (_stored > 0)
        {
            var length = Math.Min(_stored, Math.Min(bits.Left, output.Length - outputAt));
            if (length == 0)
                return bits.Left == 0 ? InflateResult.NeedsInput : InflateResult.NeedsOutput;
            bits.Copy(output.Slice(outputAt, length));
            outputAt += length;
            _stored -= length;
        }

        return null;
    }
}

/// <summary>Reads deflate data bit by bit, the lowest bit of a byte first.</summary>
/// <param name="input">The data.</param>
/// <param name="at">The first byte that was not read yet.</param>
/// <param name="bits">The bits that were read and not taken yet; the next one is the lowest.</param>
/// <param name="count">How many they are. Higher bits of <paramref name="bits"/> are those of the data, or 0.</param>
internal ref struct BitReader(ReadOnlySpan<byte> input, int at, ulong bits, int count)
{
    public readonly ReadOnlySpan<byte> Input = input;
    public int At = at;
    public ulong Bits = bits;
    public int Count = count;

    /// <summary>The bytes that are left in the input.</summary>
    public readonly int Left => Input.Length - At;

    /// <summary>Reads bytes until there are 56 bits or more, or the input ends.</summary>
    public void Fill()
    {
        for (; Count < 56 && At < Input.Length; Count += 8)
            Bits |= (ulong)Input[At++] << Count;
    }

    /// <summary>Takes up to 16 bits. Returns false if there are fewer.</summary>
    public bool TryTake(int bits, out uint value)
    {
        if (Count < bits)
            Fill();
        value = (uint)Bits & ((1u << bits) - 1);
        if (Count < bits)
            return false;
        Skip(bits);
        return true;
    }

    /// <summary>Takes bits that were read.</summary>
    public void Skip(int bits)
    {
        Bits >>= bits;
        Count -= bits;
    }

    /// <summary>Takes the bits up to the end of a byte.</summary>
    public void SkipToByte() => Skip(Count & 7);

    /// <summary>Copies bytes. No bits may be left.</summary>
    public void Copy(Span<byte> to)
    {
        Input.Slice(At, to.Length).CopyTo(to);
        At += to.Length;
    }

    /// <summary>Returns whole bytes to the input.</summary>
    public void ReturnBytes()
    {
        At -= Count >> 3;
        Count &= 7;
        Bits &= (1UL << Count) - 1;
    }
}
