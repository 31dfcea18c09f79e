namespace PeakS3Feed.Formats.Json;

/// <summary>Counts physical lines: LF, CR LF and a CR alone end one. White space is where JSON has them, never a value.</summary>
internal sealed class JsonLines
{
    private bool _behindCr;

    /// <summary>The line of the next byte, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Goes on behind these bytes.</summary>
    /// <param name="bytes">The bytes, at least one.</param>
    /// <param name="endsLine">Whether a CR or LF is among them.</param>
    public void Advance(ReadOnlySpan<byte> bytes, bool endsLine)
    {
        if (endsLine)
            Line += LinesIn(bytes);
        _behindCr = bytes[^1] == '\r';
    }

    /// <summary>The line of a byte that is ahead.</summary>
    /// <param name="before">The bytes between here and there.</param>
    public long LineBehind(ReadOnlySpan<byte> before) => Line + LinesIn(before);

    private int LinesIn(ReadOnlySpan<byte> bytes)
    {
        var lines = bytes.Count((byte)'\n') + bytes.Count((byte)'\r') - bytes.Count("\r\n"u8);
        return _behindCr && bytes is [(byte)'\n', ..] ? lines - 1 : lines;
    }
}
