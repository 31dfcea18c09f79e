using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// The stretch of a file that a badly quoted row claims, while its lines are read again one by one. It remembers where that row ends and how many
/// fields end between here and there. A line that leaves a quote open is then in the same state as that row was, so how it
/// goes on is known without scanning the stretch again. Each byte is counted once, so the work is linear however many lines open a quote.
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

    /// <summary>How many rows were read from within.</summary>
    public long RowsRead { get; private set; }

    /// <summary>How many bytes were counted.</summary>
    public long Scanned => _counter.Scanned;

    /// <summary>Whether the byte at this offset of the file stands within.</summary>
    public bool Covers(long offset) => offset < _end;

    /// <summary>A badly quoted row was found; one that begins within another row's stretch prolongs that.</summary>
    /// <param name="row">Where it begins.</param>
    /// <param name="behindLine">The offset behind its first line, inside quotes.</param>
    /// <param name="fieldsAhead">How many fields end from there on.</param>
    /// <param name="end">The offset where it ends, or where text follows its closing quote.</param>
    /// <param name="endLine">The line there.</param>
    /// <param name="endsInTail">Whether text follows a closing quote there.</param>
    public void Begin(SourceLine row, long behindLine, int fieldsAhead, long end, long endLine, bool endsInTail)
    {
        if (!Covers(row.ByteOffset))
            (Opened, RowsRead) = (row, 0);
        (_at, _fieldsAhead, _end, EndLine, EndsInTail) = (behindLine, fieldsAhead, end, endLine, endsInTail);
    }

    /// <summary>How many fields end between a line's start, inside quotes, and the end.</summary>
    /// <param name="bytes">The memory.</param>
    /// <param name="first">The offset of its first byte in the file.</param>
    /// <param name="lineStart">The offset of the line's start in the file: not before the one that was asked for last.</param>
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

    /// <summary>A row was read from within.</summary>
    public void CountRow() => RowsRead++;

    /// <summary>Forgets the rows, for they were told.</summary>
    public void ForgetRows() => RowsRead = 0;

    /// <summary>Where a line begins.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct SourceLine(long Line, long ByteOffset);
}
