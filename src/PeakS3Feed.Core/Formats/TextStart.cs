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
        if (TextEncoding.DetectUnsupported(input.Unread) is { } encoding)
            throw FormatErrors.EncodingNotUtf8(objectUri, encoding);
        input.Advance(TextEncoding.MarkLength(input.Unread));
        return _skipped = true;
    }
}
