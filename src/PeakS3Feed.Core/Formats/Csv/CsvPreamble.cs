namespace PeakS3Feed.Formats.Csv;

/// <summary>What stands before the header or the first row: a byte order mark, and lines that the feed passes over.</summary>
internal sealed class CsvPreamble(InputBuffer input, string objectUri, int linesToSkip)
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private readonly TextStart _start = new(input, objectUri);

    /// <summary>Whether all of it is passed.</summary>
    public bool Done { get; private set; }

    /// <summary>How many lines were passed.</summary>
    public int LinesSkipped { get; private set; }

    /// <summary>Passes as much as is in memory; false when more bytes are needed.</summary>
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

    // These lines are no rows, so quotes mean nothing in them and each may end as it likes. Their text need not be in memory whole.
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
