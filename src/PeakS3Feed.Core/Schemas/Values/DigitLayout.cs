using System.Runtime.CompilerServices;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Schemas.Values;

/// <summary>Matches eight bytes at once: digits at some places, fixed characters at the others.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct DigitLayout
{
    private const ulong HighBits = 0x8080_8080_8080_8080;

    private readonly ulong _pattern;

    // Added to each byte's difference from the pattern, so that a difference that is too large sets the byte's high bit.
    private readonly ulong _room;

    /// <summary>Creates a layout.</summary>
    /// <param name="pattern">Eight characters. <c>0</c> matches any digit, every other character only itself.</param>
    public DigitLayout(ReadOnlySpan<byte> pattern)
    {
        _pattern = BinaryPrimitives.ReadUInt64LittleEndian(pattern);
        for (var place = 0; place < sizeof(ulong); place++)
            _room |= (pattern[place] == '0' ? 0x7FUL - 9 : 0x7F) << (place * 8);
    }

    /// <summary>Returns the digits, each in the byte of its place; false when the first eight bytes do not match.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> utf8, out ulong digits)
    {
        digits = BinaryPrimitives.ReadUInt64LittleEndian(utf8) ^ _pattern;
        return ((digits | (digits + _room)) & HighBits) == 0;
    }

    /// <summary>Returns the number of the two digits at a place and the next one.</summary>
    public static int Pair(ulong digits, int place) => ((int)(byte)(digits >> (place * 8)) * 10) + (byte)(digits >> ((place + 1) * 8));
}
