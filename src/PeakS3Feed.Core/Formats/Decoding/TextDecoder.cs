using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace PeakS3Feed.Formats.Decoding;

/// <summary>
/// Converts bytes of one encoding to UTF-8. What is not a character becomes bytes that are not valid UTF-8, so that the row with them is a reject, as
/// in a file of UTF-8.
/// </summary>
internal abstract class TextDecoder
{
    /// <summary>The maximum number of bytes of the result for each byte of the file.</summary>
    public const int MaxGrowth = 3;

    /// <summary>Decodes bytes and returns how many it has decoded. Bytes of an incomplete character remain until more bytes are there.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="utf8">The room for the result: <see cref="MaxGrowth"/> times as many bytes.</param>
    /// <param name="isLast">Whether the file ends after them. All of them are then decoded.</param>
    /// <param name="written">The number of bytes of the result.</param>
    public abstract int Decode(ReadOnlySpan<byte> bytes, Span<byte> utf8, bool isLast, out int written);
}

/// <summary>Decodes Windows-1252 or Latin-1.</summary>
/// <param name="encoding">The encoding.</param>
internal sealed class SingleByteDecoder(FileEncoding encoding) : TextDecoder
{
    // The characters of the bytes 80 to 9F in Windows-1252, and NUL for bytes without one. All other bytes are as in Latin-1.
    // https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT
    private const string Windows1252 = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

    private readonly string _special = encoding == FileEncoding.Windows1252 ? Windows1252 : "";

    public override int Decode(ReadOnlySpan<byte> bytes, Span<byte> utf8, bool isLast, out int written)
    {
        written = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var ascii = bytes[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            ascii = ascii < 0 ? bytes.Length - at : ascii;
            bytes.Slice(at, ascii).CopyTo(utf8[written..]);
            written += ascii;
            at += ascii;
            if (at < bytes.Length)
                written += Write(bytes[at], utf8[written..]);
        }

        return bytes.Length;
    }

    private int Write(byte b, Span<byte> utf8)
    {
        var character = b - 0x80 < _special.Length ? _special[b - 0x80] : (char)b;
        if (character == '\0')
        {
            utf8[0] = SourceOffsets.NoCharacter;
            return 1;
        }

        if (character < 0x800)
        {
            utf8[0] = (byte)(0xC0 | (character >> 6));
            utf8[1] = (byte)(0x80 | (character & 0x3F));
            return 2;
        }

        return Utf8Units.Write(character, utf8);
    }
}

/// <summary>Decodes UTF-16.</summary>
/// <param name="isBigEndian">Whether the first byte of a unit is the higher one.</param>
internal sealed class Utf16Decoder(bool isBigEndian) : TextDecoder
{
    private ushort[] _swapped = [];

    public override int Decode(ReadOnlySpan<byte> bytes, Span<byte> utf8, bool isLast, out int written)
    {
        var units = Units(bytes[..(bytes.Length & ~1)]);
        var read = 0;
        written = 0;
        while (read < units.Length)
        {
            var status = Utf8.FromUtf16(units[read..], utf8[written..], out var taken, out var put, replaceInvalidSequences: false, isLast);
            (read, written) = (read + taken, written + put);
            if (status == OperationStatus.NeedMoreData)
                break;
            if (status == OperationStatus.InvalidData)
                written += Utf8Units.Write(units[read++], utf8[written..]); // a lone surrogate
        }

        if (!isLast || bytes.Length % 2 == 0)
            return read * sizeof(char);
        utf8[written++] = SourceOffsets.NoCharacter;
        return bytes.Length;
    }

    private ReadOnlySpan<char> Units(ReadOnlySpan<byte> bytes)
    {
        if (BitConverter.IsLittleEndian != isBigEndian)
            return MemoryMarshal.Cast<byte, char>(bytes);
        var units = MemoryMarshal.Cast<byte, ushort>(bytes);
        if (_swapped.Length < units.Length)
            _swapped = new ushort[units.Length];
        BinaryPrimitives.ReverseEndianness(units, _swapped);
        return MemoryMarshal.Cast<ushort, char>(_swapped.AsSpan(0, units.Length));
    }
}

/// <summary>Writes one UTF-16 unit as three bytes.</summary>
internal static class Utf8Units
{
    /// <summary>Writes a unit from U+0800 on; returns 3. The bytes of a surrogate are not valid UTF-8.</summary>
    public static int Write(char unit, Span<byte> utf8)
    {
        utf8[0] = (byte)(0xE0 | (unit >> 12));
        utf8[1] = (byte)(0x80 | ((unit >> 6) & 0x3F));
        utf8[2] = (byte)(0x80 | (unit & 0x3F));
        return 3;
    }
}
