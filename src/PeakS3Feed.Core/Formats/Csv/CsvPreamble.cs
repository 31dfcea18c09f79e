namespace PeakS3Feed.Formats.Csv;

/// <summary>Skips a byte order mark and the lines before the header or the first row.</summary>
internal sealed class CsvPreamble(InputBuffer input, string objectUri, int linesToSkip)
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private readonly TextStart _start = new(input, objectUri);

    /// <summary>Whether everything is skipped.</summary>
    public bool Done { get; private set; }

    /// <summary>The number of lines skipped.</summary>
    public int LinesSkipped { get; private set; }

    /// <summary>Skips as much as is in memory; false when it needs more bytes.</summary>
    public bool TrySkip()
    {
        if (!_start.TrySkip())
            return false;
        while (LinesSkipped < linesToSkip)
        {
            if (!TrySkipLine())
                return false;
        }

        return Done = true;
    }

    // These lines are not rows: quotes have no meaning in them, each may have any line end, and their text need not be in memory as a whole.
    private bool TrySkipLine()
    {
        var unread = input.Unread;
        var end = unread.IndexOfAny(Cr, Lf);
        if (end < 0)
        {
            input.Advance(unread.Length);
            LinesSkipped = input.Ended ? linesToSkip : LinesSkipped;
            return input.Ended;
        }

        var isCr = unread[end] == Cr;
        if (isCr && end + 1 == unread.Length && !input.Ended)
            return false;
        input.Advance(end + (isCr && end + 1 < unread.Length && unread[end + 1] == Lf ? 2 : 1));
        LinesSkipped++;
        return true;
    }
}
