namespace PeakS3Feed.Formats;

/// <summary>The first bytes of a text file: an encoding that cannot be read is an error, a byte order mark is passed over.</summary>
internal sealed class TextStart(InputBuffer input, string objectUri)
{
    private bool _passed;

    /// <summary>Passes it; false when more bytes are needed. Throws with id <c>EncodingNotUtf8</c>.</summary>
    public bool TryPass()
    {
        if (_passed)
            return true;
        if (input.Length < TextEncoding.SampleBytes && !input.Ended)
            return false;
        if (TextEncoding.Foreign(input.Unread) is { } encoding)
            throw FormatErrors.EncodingNotUtf8(objectUri, encoding);
        input.Advance(TextEncoding.MarkLength(input.Unread));
        return _passed = true;
    }
}
