namespace PeakS3Feed.TestServers.Csv;

/// <summary>
/// Reads CSV as COPY of Redshift and Snowflake does: doubled quotes, line breaks inside quotes, LF or CR LF at the end of a row. Where the
/// documentation is silent it is strict: quotes surround a whole field, a lone CR needs quotes, and a blank line is an error.
/// </summary>
/// <param name="stream">The file, decompressed.</param>
/// <param name="delimiter">Between two fields.</param>
/// <param name="longestRow">The most bytes of a row.</param>
/// <param name="headerRows">The number of rows at the beginning that are not returned.</param>
/// <param name="skipsBlankLines">Whether blank lines are no rows, instead of an error.</param>
public sealed class StagedCsv(Stream stream, char delimiter, int longestRow, int headerRows = 0, bool skipsBlankLines = false)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<byte> _raw = [];
    private readonly List<CsvField> _fields = [];
    private readonly List<byte> _value = [];
    private int _position, _filled;
    private long _line = 1;

    /// <summary>The rows of the file, one after the other; each is valid by itself.</summary>
    /// <exception cref="CsvRowException">A row has no valid form.</exception>
    public IEnumerable<CsvRow> Read()
    {
        for (var header = headerRows; ReadRow() is { } row; header--)
        {
            if (header <= 0)
                yield return row;
        }
    }

    private CsvRow? ReadRow()
    {
        long line;
        do
        {
            if (Peek() < 0)
                return null;
            _raw.Clear();
            _fields.Clear();
            line = _line;
        }
        while (skipsBlankLines && SkipBlankLine(line));
        bool more;
        do
        {
            var (start, quoted) = (_raw.Count, Peek() == '"');
            more = ReadField(line);
            _fields.Add(new CsvField(_value.ToArray(), start, quoted));
        }
        while (more);
        if (_raw.Count == 0)
            throw Invalid(line, CsvFault.BlankLine);
        return new CsvRow(line, [.. _fields], _raw.ToArray());
    }

    private bool SkipBlankLine(long line)
    {
        if (Peek() == '\r' && _position + 1 < _filled && _buffer[_position + 1] == '\n')
            Take(line);
        else if (Peek() != '\n')
            return false;
        Take(line);
        return true;
    }

    // True if the row has a further field.
    private bool ReadField(long line)
    {
        _value.Clear();
        var quoted = Peek() == '"';
        if (quoted)
            ReadQuoted(line);
        while (true)
        {
            var next = Take(line);
            if (next < 0)
                return false;
            if (next == delimiter)
                return true;
            var length = LineEnd(next, line);
            if (length > 0)
            {
                _raw.RemoveRange(_raw.Count - length, length);
                return false;
            }
            if (quoted || next is '"' or '\r')
                throw Invalid(line, CsvFault.Quotes);
            _value.Add((byte)next);
        }
    }

    private int LineEnd(int next, long line)
    {
        if (next == '\r' && Peek() == '\n')
        {
            Take(line);
            return 2;
        }
        return next == '\n' ? 1 : 0;
    }

    private void ReadQuoted(long line)
    {
        Take(line);
        while (true)
        {
            var next = Take(line);
            if (next < 0)
                throw Invalid(line, CsvFault.MissingEndQuote);
            if (next == '"')
            {
                if (Peek() != '"')
                    return;
                Take(line);
            }
            _value.Add((byte)next);
        }
    }

    private int Take(long line)
    {
        var next = Peek();
        if (next < 0)
            return next;
        _position++;
        _raw.Add((byte)next);
        if (next == '\n')
            _line++;
        return _raw.Count <= longestRow ? next : throw Invalid(line, CsvFault.RowTooLong);
    }

    private int Peek()
    {
        if (_position == _filled)
            (_position, _filled) = (0, stream.Read(_buffer));
        return _position < _filled ? _buffer[_position] : -1;
    }

    private CsvRowException Invalid(long line, CsvFault fault) => new(line, fault, _raw.ToArray());
}
