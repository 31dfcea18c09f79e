using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeakS3Feed.Formats.Json;

/// <summary>
/// Finds the ends of simple values. It accepts a subset of JSON's grammar; for all other input it returns -1 or the index where it stopped.
/// </summary>
internal static class JsonScan
{
    private const byte LastControl = 0x1F;

    /// <summary>Returns the index of the first quote, backslash or control character from a position on, or the end of the bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="at">The position, at most the end of the bytes.</param>
    /// <param name="isAscii">Set to false when a byte on the way may not be ASCII; never set to true.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfText(ReadOnlySpan<byte> bytes, int at, ref bool isAscii)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        if (Vector256.IsHardwareAccelerated)
        {
            for (; at <= bytes.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                var block = Vector256.LoadUnsafe(ref first, (nuint)at);
                var controls = Vector256.Equals(Vector256.Min(block, Vector256.Create(LastControl)), block);
                var hits = controls | Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\'));
                isAscii &= block.ExtractMostSignificantBits() == 0;
                var found = hits.ExtractMostSignificantBits();
                if (found != 0)
                    return at + BitOperations.TrailingZeroCount(found);
            }
        }
        else
        {
            for (; at <= bytes.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
            {
                var block = Vector128.LoadUnsafe(ref first, (nuint)at);
                var controls = Vector128.Equals(Vector128.Min(block, Vector128.Create(LastControl)), block);
                var hits = controls | Vector128.Equals(block, Vector128.Create((byte)'"')) | Vector128.Equals(block, Vector128.Create((byte)'\\'));
                isAscii &= block.ExtractMostSignificantBits() == 0;
                var found = hits.ExtractMostSignificantBits();
                if (found != 0)
                    return at + BitOperations.TrailingZeroCount(found);
            }
        }

        return EndOfRest(bytes, at, ref isAscii);
    }

    /// <summary>Returns the end of the number at a position, or -1 where there is none. It does not examine the bytes after the number.</summary>
    public static int EndOfNumber(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes[at] == '-')
            at++;
        // A digit after a leading zero is not consumed. No step begins with a digit, so the row does not match and is left to the parser.
        var end = (uint)at < (uint)bytes.Length && bytes[at] == '0' ? at + 1 : EndOfDigits(bytes, at);
        if (end == at)
            return -1;
        if ((uint)end < (uint)bytes.Length && bytes[end] == '.')
        {
            at = end + 1;
            end = EndOfDigits(bytes, at);
            if (end == at)
                return -1;
        }

        if ((uint)end < (uint)bytes.Length && (bytes[end] | 0x20) == 'e')
        {
            at = end + 1;
            if ((uint)at < (uint)bytes.Length && bytes[at] is (byte)'+' or (byte)'-')
                at++;
            end = EndOfDigits(bytes, at);
            if (end == at)
                return -1;
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfDigits(ReadOnlySpan<byte> bytes, int at)
    {
        while ((uint)at < (uint)bytes.Length && (uint)(bytes[at] - '0') <= 9)
            at++;
        return at;
    }

    // Scans the rest, which is shorter than a vector.
    private static int EndOfRest(ReadOnlySpan<byte> bytes, int at, ref bool isAscii)
    {
        for (; at < bytes.Length; at++)
        {
            var b = bytes[at];
            if (b is (byte)'"' or (byte)'\\' or <= LastControl)
                break;
            isAscii &= b < 0x80;
        }

        return at;
    }
}
