using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// The part of a file that a badly quoted row covers, while the reader reads its lines again one by one. It stores where that row ends, and how many
/// fields end before that. A line that leaves a quote open is in the same state as that row was, so its end is known without another scan. Each byte
/// is counted once: the work is linear, however many lines open a quote.
/// </summary>
internal sealed class CsvQuotedSpan(CsvDialect dialect)
{
    private readonly CsvRowScanner _counter = new(dialect, new Record());
    private long _end = -1;
    private long _at;
    private int _fieldsAhead;

    /// <summary>The line on which the row opened its quote.</summary>
    public SourceLine Opened { get; private set; }

    /// <summary>The line on which the row ends, or on which text follows its closing quote.</summary>
    public long EndLine { get; private set; }

    /// <summary>Whether text follows a closing quote there.</summary>
    public bool EndsInTail { get; private set; }

    /// <summary>The number of rows that were read inside the span.</summary>
    public long RowsRead { get; private set; }

    /// <summary>The number of bytes that were counted.</summary>
    public long Scanned => _counter.Scanned;

    /// <summary>Whether the byte at this offset of the file is inside the span.</summary>
    public bool Covers(long offset) => offset < _end;

    /// <summary>Starts a span for a badly quoted row. A row that begins inside another row's span extends that span.</summary>
    /// <param name="row">The start of the row.</param>
    /// <param name="behindLine">The offset after its first line, inside quotes.</param>
    /// <param name="fieldsAhead">The number of fields that end from there on.</param>
    /// <param name="end">The offset where it ends, or where text follows its closing quote.</param>
    /// <param name="endLine">The line there.</param>
    /// <param name="endsInTail">Whether text follows a closing quote there.</param>
    public void Begin(SourceLine row, long behindLine, int fieldsAhead, long end, long endLine, bool endsInTail)
    {
        if (!Covers(row.Offset))
            (Opened, RowsRead) = (row, 0);
        (_at, _fieldsAhead, _end, EndLine, EndsInTail) = (behindLine, fieldsAhead, end, endLine, endsInTail);
    }

    /// <summary>The number of fields that end between the start of a line, inside quotes, and the end of the span.</summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="first">The file offset of the buffer's first byte.</param>
    /// <param name="lineStart">The file offset of the line's start. It must not decrease from call to call.</param>
    public int FieldsFrom(byte[] bytes, long first, long lineStart)
    {
        if (lineStart > _at)
        {
            _counter.CountFields(bytes, (int)(_at - first), (int)(lineStart - first));
            _fieldsAhead -= _counter.FieldCount;
            _at = lineStart;
        }

        return _fieldsAhead;
    }

    /// <summary>Counts a row that was read inside the span.</summary>
    public void CountRow() => RowsRead++;

    /// <summary>Resets the number of rows, after the reader has reported them.</summary>
    public void ForgetRows() => RowsRead = 0;

    /// <summary>The start of a line.</summary>
    /// <param name="Line">Its number, from 1.</param>
    /// <param name="Offset">Its offset in the decoded content, as all offsets of this class.</param>
    /// <param name="SourceOffset">Its offset in the file.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct SourceLine(long Line, long Offset, long SourceOffset);
}
