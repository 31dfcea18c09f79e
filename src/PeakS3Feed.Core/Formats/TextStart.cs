namespace PeakS3Feed.Formats;

/// <summary>The first bytes of a text file: another format or encoding is an error, a byte order mark is passed over.</summary>
internal sealed class TextStart(InputBuffer input, string objectUri)
{
    private bool _skipped;

    /// <summary>Passes it; false when more bytes are needed. Throws with id <c>FileNotText</c> or <c>EncodingNotUtf8</c>.</summary>
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
