using System.Buffers;
using System.Text;

namespace PeakS3Feed.Formats;

/// <summary>Checks the first bytes of a text file and skips a byte order mark. Another format or encoding is an error.</summary>
internal sealed class TextStart(InputBuffer input, string objectUri)
{
    private bool _skipped;

    /// <summary>
    /// Checks the start and skips the mark; false when it needs more bytes. Throws with id <c>FileNotText</c> or <c>EncodingNotUtf8</c>.
    /// </summary>
    public bool TrySkip()
    {
        if (_skipped)
            return true;
        if (input.Length < FileSignature.SampleBytes && !input.Ended)
            return false;
        if (FileSignature.Detect(input.Unread) is var (name, advice))
            throw FormatErrors.FileNotText(objectUri, name, advice);
        // What was decoded is UTF-8; the bytes before decoding were checked.
        if (input.Encoding == FileEncoding.Utf8 && TextEncoding.DetectUnsupported(input.Unread) is { } encoding)
            throw FormatErrors.EncodingNotUtf8(objectUri, encoding);
        input.Advance(TextEncoding.MarkLength(input.Unread));
        return _skipped = true;
    }
}

/// <summary>Recognises text in encodings other than UTF-8 by a file's first bytes.</summary>
internal static class TextEncoding
{
    /// <summary>The number of bytes to examine, if the file has as many.</summary>
    public const int SampleBytes = 64;

    public const string Utf16LittleEndian = "UTF-16LE";
    public const string Utf16BigEndian = "UTF-16BE";
    public const string Utf32LittleEndian = "UTF-32LE";
    public const string Utf32BigEndian = "UTF-32BE";

    /// <summary>The name of the encoding, from the byte order mark or the pattern of NUL bytes; null when the text can be UTF-8.</summary>
    public static string? DetectUnsupported(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, 0, 0, ..] => Utf32LittleEndian,
        [0, 0, 0xFE, 0xFF, ..] => Utf32BigEndian,
        [0xFF, 0xFE, ..] => Utf16LittleEndian,
        [0xFE, 0xFF, ..] => Utf16BigEndian,
        _ => ByNulPattern(start[..Math.Min(start.Length, SampleBytes)]),
    };

    /// <summary>
    /// Whether a text that is not valid UTF-8 may be of an encoding with one byte for each character: no valid UTF-8 sequence is in it, apart from
    /// ASCII.
    /// </summary>
    public static bool MayBeSingleByte(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done && length > 1)
                return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>The number of bytes before the first one that is not valid UTF-8.</summary>
    public static int ValidLength(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
            at += length;
        return at;
    }

    /// <summary>The length of a UTF-8 byte order mark at the start: 3, or 0 where there is none.</summary>
    public static int MarkLength(ReadOnlySpan<byte> start) => start.StartsWith("\uFEFF"u8) ? 3 : 0;

    // Text that is mostly ASCII, in 16 or 32 bits a character, has NUL at every second byte or at three of four bytes, and hardly any elsewhere.
    private static string? ByNulPattern(ReadOnlySpan<byte> start)
    {
        Span<int> nuls = stackalloc int[4];
        var groups = start.Length / 4;
        for (var i = 0; i < groups * 4; i++)
            nuls[i % 4] += start[i] == 0 ? 1 : 0;
        if (groups < 2)
            return null;
        var most = groups - (groups / 4);
        return (nuls[0] >= most, nuls[1] >= most, nuls[2] >= most, nuls[3] >= most) switch
        {
            (false, true, true, true) => Utf32LittleEndian,
            (true, true, true, false) => Utf32BigEndian,
            (false, true, false, true) when nuls[0] + nuls[2] == 0 => Utf16LittleEndian,
            (true, false, true, false) when nuls[1] + nuls[3] == 0 => Utf16BigEndian,
            _ => null,
        };
    }
}
