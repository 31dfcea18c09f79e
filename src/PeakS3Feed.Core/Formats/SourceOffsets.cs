using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PeakS3Feed.Formats;

/// <summary>
/// Converts positions in text that was decoded to UTF-8 to byte offsets of the file before decoding. The text itself shows how many bytes each
/// character had, so nothing else is stored. It counts from the last position, because positions mostly increase.
/// </summary>
/// <param name="encoding">The encoding of the file.</param>
internal sealed class SourceOffsets(FileEncoding encoding)
{
    // The byte in the decoded text for a byte of the file that is not a character. UTF-8 never contains it.
    public const byte NoCharacter = 0xFF;

    private const sbyte LastContinuation = unchecked((sbyte)0xBF);
    private const byte LastOfThree = 0xEF;

    private int _at;
    private long _offset;

    /// <summary>Returns the offset in the file of the character at <paramref name="index"/>.</summary>
    public long At(ReadOnlySpan<byte> buffer, int index)
    {
        if (index < _at)
            return _offset - SizeOf(buffer[index.._at]);
        _offset += SizeOf(buffer[_at..index]);
        _at = index;
        return _offset;
    }

    /// <summary>Accounts for a buffer whose first <paramref name="count"/> bytes are removed.</summary>
    public void Remove(ReadOnlySpan<byte> buffer, int count) => (_offset, _at) = (At(buffer, count), 0);

    /// <summary>The number of bytes that a part of the text has in the file. The part begins and ends between two characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long SizeOf(ReadOnlySpan<byte> text)
    {
        var (characters, ofFour, odd) = (0L, 0L, 0L);
        var at = 0;
        for (; at + Vector512<byte>.Count <= text.Length; at += Vector512<byte>.Count)
        {
            var chunk = Vector512.Create(text[at..]);
            characters += Count(Vector512.GreaterThan(chunk.AsSByte(), Vector512.Create(LastContinuation)).AsByte());
            ofFour += Count(Vector512.GreaterThan(chunk, Vector512.Create(LastOfThree)));
            odd += Count(Vector512.Equals(chunk, Vector512.Create(NoCharacter)));
        }

        foreach (var b in text[at..])
        {
            characters += (sbyte)b > LastContinuation ? 1 : 0;
            ofFour += b > LastOfThree ? 1 : 0;
            odd += b == NoCharacter ? 1 : 0;
        }

        // In UTF-16, a character of four bytes in UTF-8 has two units. A byte without a character is the single last byte of a file.
        return encoding == FileEncoding.Utf16 ? (2 * (characters + ofFour)) - (3 * odd) : characters;
    }

    private static int Count(Vector512<byte> matches) => BitOperations.PopCount(matches.ExtractMostSignificantBits());
}
