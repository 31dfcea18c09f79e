namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Skips lines that begin with the feed's comment prefix. Quotes and escapes have no meaning in them, and they may be of any length.
/// </summary>
internal sealed class CsvComments(InputBuffer input, CsvDialect dialect)
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    /// <summary>Whether the next byte is in a comment whose start was skipped.</summary>
    public bool IsInside { get; private set; }

    /// <summary>The number of line ends in the bytes that the last call has skipped.</summary>
    public int LinesSkipped { get; private set; }

    /// <summary>
    /// Skips the comment that begins at the next byte, or its rest; false where the next line is not a comment. Null where more bytes are needed.
    /// </summary>
    public bool? TrySkip()
    {
        LinesSkipped = 0;
        if (!IsInside)
        {
            var next = input.Unread;
            if (!input.Ended && next.Length < dialect.Comment.Length && dialect.Comment.AsSpan().StartsWith(next))
                return null;
            if (!next.StartsWith(dialect.Comment))
                return false;
        }

        IsInside = !TrySkipLine();
        return IsInside ? null : true;
    }

    private bool TrySkipLine()
    {
        while (true)
        {
            var unread = input.Unread;
            var at = unread.IndexOfAny(Cr, Lf);
            if (at < 0)
            {
                Advance(unread.Length);
                return input.Ended;
            }

            var length = dialect.LineEndAt(unread[at..], input.Ended, out var found);
            if (length > 0)
                dialect.LineEnd = found;
            Advance(at + (length < 0 ? 0 : Math.Max(1, length)));
            if (length != 0)
                return length > 0;
        }
    }

    private void Advance(int count)
    {
        LinesSkipped += dialect.LinesIn(input.Unread[..count]);
        input.Advance(count);
    }
}
