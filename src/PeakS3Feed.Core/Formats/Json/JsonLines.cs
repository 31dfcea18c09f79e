namespace PeakS3Feed.Formats.Json;

/// <summary>Counts physical lines: LF, CR LF and a single CR end a line. In JSON they occur only in white space, never in a value.</summary>
internal sealed class JsonLines
{
    private bool _behindCr;

    /// <summary>The line of the next byte, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Advances past bytes.</summary>
    /// <param name="bytes">The bytes, at least one.</param>
    /// <param name="endsLine">Whether the bytes contain a CR or LF.</param>
    public void Advance(ReadOnlySpan<byte> bytes, bool endsLine)
    {
        if (endsLine)
            Line += LinesIn(bytes);
        _behindCr = bytes[^1] == '\r';
    }

    /// <summary>Returns the line of a byte further on.</summary>
    /// <param name="before">The bytes from the current position to that byte.</param>
    public long LineBehind(ReadOnlySpan<byte> before) => Line + LinesIn(before);

    private int LinesIn(ReadOnlySpan<byte> bytes)
    {
        var lines = bytes.Count((byte)'\n') + bytes.Count((byte)'\r') - bytes.Count("\r\n"u8);
        return _behindCr && bytes is [(byte)'\n', ..] ? lines - 1 : lines;
    }
}
