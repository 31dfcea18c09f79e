namespace PeakS3Feed.Formats.Decoding;

/// <summary>Checks whether the first bytes of a file can be of the feed's encoding, and chooses the decoder.</summary>
internal static class EncodingStart
{
    /// <summary>Returns the decoder for a file. Throws with id <c>FileNotText</c> or <c>EncodingDiffers</c>.</summary>
    /// <param name="start">The first <see cref="FileSignature.SampleBytes"/> bytes or more, if the file has as many.</param>
    /// <param name="encoding">The encoding of the feed's files; not UTF-8.</param>
    /// <param name="objectUri">The name of the object in errors.</param>
    public static TextDecoder Check(ReadOnlySpan<byte> start, FileEncoding encoding, string objectUri)
    {
        if (FileSignature.Detect(start) is var (name, advice))
            throw FormatErrors.FileNotText(objectUri, name, advice);
        if (TextEncoding.MarkLength(start) > 0)
            throw FormatErrors.EncodingDiffers(objectUri, "UTF-8", encoding, FileEncoding.Utf8);
        var detected = TextEncoding.DetectUnsupported(start);
        if (detected is TextEncoding.Utf32LittleEndian or TextEncoding.Utf32BigEndian)
            throw FormatErrors.EncodingDiffers(objectUri, detected, encoding, null);
        if (encoding != FileEncoding.Utf16)
        {
            return detected is null
                ? new SingleByteDecoder(encoding)
                : throw FormatErrors.EncodingDiffers(objectUri, detected, encoding, FileEncoding.Utf16);
        }

        return start switch
        {
            [0xFE, 0xFF, ..] => new Utf16Decoder(isBigEndian: true),
            [] or [0xFF, 0xFE, ..] => new Utf16Decoder(isBigEndian: false),
            _ => ByNuls(start[..Math.Min(start.Length, FileSignature.SampleBytes)], objectUri),
        };
    }

    // In UTF-16, the higher byte of every separator, line end and Latin letter is NUL. The lower byte of a character hardly ever is.
    private static Utf16Decoder ByNuls(ReadOnlySpan<byte> start, string objectUri)
    {
        var (first, second) = (0, 0);
        for (var at = 0; at < start.Length; at++)
        {
            if (start[at] == 0)
                _ = at % 2 == 0 ? first++ : second++;
        }

        return first + second > 0
            ? new Utf16Decoder(isBigEndian: first > second)
            : throw FormatErrors.EncodingDiffers(objectUri, "a text without the NUL bytes of UTF-16", FileEncoding.Utf16, FileEncoding.Utf8);
    }
}
