using System.Buffers;
using System.Text;

namespace PeakS3Feed.Formats;

/// <summary>White space around values: every character that Unicode calls white space, except CR and LF.</summary>
internal static class Blanks
{
    /// <summary>
    /// The length of the blank at the start of <paramref name="next"/>: 0 where there is none, -1 where more bytes are needed to decide.
    /// </summary>
    /// <param name="next">UTF-8, not empty.</param>
    /// <param name="final">Whether the file ends after it.</param>
    public static int LengthAt(ReadOnlySpan<byte> next, bool final)
    {
        if (next[0] < 0x80)
            return IsAsciiBlank(next[0]) ? 1 : 0;
        var status = Rune.DecodeFromUtf8(next, out var rune, out var length);
        return status == OperationStatus.NeedMoreData && !final ? -1 : status == OperationStatus.Done && Rune.IsWhiteSpace(rune) ? length : 0;
    }

    /// <summary>Returns the text without white space at its end.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var length = 1;
            if (text[^1] < 0x80
                ? !IsAsciiBlank(text[^1])
                : Rune.DecodeLastFromUtf8(text, out var rune, out length) != OperationStatus.Done || !Rune.IsWhiteSpace(rune))
                break;
            text = text[..^length];
        }

        return text;
    }

    /// <summary>Returns the text without white space at its start and its end.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && LengthAt(text, final: true) is > 0 and var length)
            text = text[length..];
        return TrimEnd(text);
    }

    private static bool IsAsciiBlank(byte b) => b is (byte)' ' or (byte)'\t' or 0x0B or 0x0C;
}
