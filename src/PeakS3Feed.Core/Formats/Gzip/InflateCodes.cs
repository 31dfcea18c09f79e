using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PeakS3Feed.Formats.Gzip;

/// <summary>Decodes the literals and matches of a block of deflate data (RFC 1951, 3.2.3).</summary>
/// <param name="tables">The codes of the block.</param>
internal sealed class InflateCodes(InflateTables tables)
{
    /// <summary>The room that the output needs: literals and a match, and bytes that are overwritten after them.</summary>
    public const int MinOutput = 320;

    // What one step of the fast loop reads at most: twice 7 bytes, and 8 from there on.
    private const int MinInput = 24;

    private const ulong LiteralMask = (1 << InflateTables.LiteralIndexBits) - 1;
    private const ulong DistanceMask = (1 << InflateTables.DistanceIndexBits) - 1;

    /// <summary>Decodes up to the end of the block, and returns null; or why it stopped.</summary>
    public InflateResult? Decode(ref BitReader bits, Span<byte> output, ref int outputAt, int outputStart)
    {
        while (output.Length - outputAt >= MinOutput)
        {
            if (bits.Left >= MinInput)
            {
                if (DecodeMany(ref bits, output, ref outputAt, outputStart) is { } isEnd)
                    return isEnd ? null : InflateResult.Corrupt;
            }
            else if (DecodeOne(ref bits, output, ref outputAt, outputStart) is { } result)
            {
                return result == InflateResult.Ended ? null : result;
            }
        }

        return InflateResult.NeedsOutput;
    }

    // Near the end of the input: decodes literals or a match, if all of it is there. Ended is the end of the block.
    private InflateResult? DecodeOne(ref BitReader bits, Span<byte> output, ref int outputAt, int outputStart)
    {
        bits.Fill();
        var (data, count) = (bits.Bits, bits.Count);
        var entry = Look(tables.Literals, ref data, ref count);
        var length = Take(entry, ref data, ref count);
        if ((entry & HuffmanEntry.Invalid) != 0 && !HuffmanEntry.IsLiteral(entry))
            return bits.Count < HuffmanTable.MaxCodeBits ? InflateResult.NeedsInput : InflateResult.Corrupt;
        if (count < 0)
            return InflateResult.NeedsInput;
        if (HuffmanEntry.IsLiteral(entry))
        {
            output[outputAt] = (byte)(entry >> 8);
            output[outputAt + 1] = (byte)(entry >> 16);
            outputAt += HuffmanEntry.Literals(entry);
        }
        else if ((entry & HuffmanEntry.EndOfBlock) == 0)
        {
            var left = count;
            entry = Look(tables.Distances, ref data, ref count);
            var distance = Take(entry, ref data, ref count);
            if ((entry & HuffmanEntry.Invalid) != 0)
                return left < HuffmanTable.MaxCodeBits ? InflateResult.NeedsInput : InflateResult.Corrupt;
            if (count < 0)
                return InflateResult.NeedsInput;
            if (distance > outputAt - outputStart)
                return InflateResult.Corrupt;
            for (var end = outputAt + length; outputAt < end; outputAt++)
                output[outputAt] = output[outputAt - distance];
        }

        (bits.Bits, bits.Count) = (data, count);
        return !HuffmanEntry.IsLiteral(entry) && (entry & HuffmanEntry.EndOfBlock) != 0 ? InflateResult.Ended : null;
    }

    // Decodes while there is so much input and output that nothing has to be checked within a step. Returns whether the block has ended, false for
    // data that is not valid, or null if it has to go on. Each array access below is within the limits that the loop checks, or those of a table.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool? DecodeMany(ref BitReader bits, Span<byte> output, ref int outputAt, int outputStart)
    {
        ref var from = ref MemoryMarshal.GetReference(bits.Input);
        ref var to = ref MemoryMarshal.GetReference(output);
        ref var literals = ref MemoryMarshal.GetArrayDataReference(tables.Literals.Entries);
        ref var distances = ref MemoryMarshal.GetArrayDataReference(tables.Distances.Entries);
        nint lastInput = bits.Input.Length - MinInput;
        nint lastOutput = output.Length - MinOutput;
        nint inputAt = bits.At;
        nint at = outputAt;
        var (data, count) = (bits.Bits, bits.Count);
        bool? isEnd = null;
        while (inputAt <= lastInput && at <= lastOutput)
        {
            Fill(ref from, ref inputAt, ref data, ref count);
            var entry = Unsafe.Add(ref literals, (nint)(data & LiteralMask));
            if (HuffmanEntry.IsLiteral(entry))
            {
                Write(ref to, ref at, entry, ref data, ref count);
                entry = Unsafe.Add(ref literals, (nint)(data & LiteralMask));
                if (HuffmanEntry.IsLiteral(entry))
                {
                    Write(ref to, ref at, entry, ref data, ref count);
                    entry = Unsafe.Add(ref literals, (nint)(data & LiteralMask));
                    if (HuffmanEntry.IsLiteral(entry))
                    {
                        Write(ref to, ref at, entry, ref data, ref count);
                        continue;
                    }
                }

                Fill(ref from, ref inputAt, ref data, ref count);
            }

            if ((entry & HuffmanEntry.Special) != 0)
            {
                if ((entry & HuffmanEntry.SecondTable) != 0)
                {
                    entry = Second(ref literals, InflateTables.LiteralIndexBits, entry, ref data, ref count);
                    if (HuffmanEntry.IsLiteral(entry))
                    {
                        Write(ref to, ref at, entry, ref data, ref count);
                        continue;
                    }
                }

                if ((entry & HuffmanEntry.Special) != 0)
                {
                    isEnd = (entry & HuffmanEntry.EndOfBlock) != 0;
                    Take(entry, ref data, ref count);
                    break;
                }
            }

            var length = Take(entry, ref data, ref count);
            entry = Unsafe.Add(ref distances, (nint)(data & DistanceMask));
            if ((entry & HuffmanEntry.SecondTable) != 0)
                entry = Second(ref distances, InflateTables.DistanceIndexBits, entry, ref data, ref count);
            var distance = Take(entry, ref data, ref count);
            if ((entry & HuffmanEntry.Invalid) != 0 || distance > at - outputStart)
            {
                isEnd = false;
                break;
            }

            CopyMatch(ref Unsafe.Add(ref to, at), distance, length);
            at += length;
        }

        (bits.At, bits.Bits, bits.Count, outputAt) = ((int)inputAt, data, count, (int)at);
        return isEnd;
    }

    // Gives at least 56 bits: three codes of the first table, or a length and a distance, which have at most 48.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(ref byte from, ref nint inputAt, ref ulong data, ref int count)
    {
        data |= Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, inputAt)) << count;
        inputAt += (63 - count) >> 3;
        count |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ref byte to, ref nint at, uint entry, ref ulong data, ref int count)
    {
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, at), (ushort)(entry >> 8));
        at += HuffmanEntry.Literals(entry);
        data >>= (int)entry; // by the lowest six bits
        count -= HuffmanEntry.Bits(entry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Second(ref uint entries, int indexBits, uint entry, ref ulong data, ref int count)
    {
        data >>= indexBits;
        count -= indexBits;
        return Unsafe.Add(ref entries, (nint)((entry >> 16) + LowBits(data, (int)(entry >> 8) & 31)));
    }

    // Takes the bits of an entry, and returns its number: the smallest one and the bits behind the code.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Take(uint entry, ref ulong data, ref int count)
    {
        var bits = HuffmanEntry.Bits(entry);
        var extra = (uint)LowBits(data, bits) >> (int)(entry >> 8); // by five bits
        data >>= (int)entry;
        count -= bits;
        return (int)((entry >> 16) + extra);
    }

    private static uint Look(HuffmanTable table, ref ulong data, ref int count)
    {
        var entry = table.Entries[data & table.IndexMask];
        return !HuffmanEntry.IsLiteral(entry) && (entry & HuffmanEntry.SecondTable) != 0
            ? Second(ref MemoryMarshal.GetArrayDataReference(table.Entries), table.IndexBits, entry, ref data, ref count)
            : entry;
    }

    // Copies whole words, also over bytes after the match, which are written later.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyMatch(ref byte to, nint distance, nint length)
    {
        ref var from = ref Unsafe.Subtract(ref to, distance);
        nint i = 0;
        if (distance >= Vector128<byte>.Count)
        {
            do
            {
                Vector128.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
                i += Vector128<byte>.Count;
            }
            while (i < length);
        }
        else if (distance >= sizeof(ulong))
        {
            do
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, i), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i)));
                i += sizeof(ulong);
            }
            while (i < length);
        }
        else
        {
            for (; i < length; i++)
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
        }
    }

    private static ulong LowBits(ulong data, int count)
        => Bmi2.X64.IsSupported ? Bmi2.X64.ZeroHighBits(data, (ulong)count) : data & ((1UL << count) - 1);
}
