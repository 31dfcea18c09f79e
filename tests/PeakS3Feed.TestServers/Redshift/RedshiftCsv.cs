using System.Text;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>A row of a file.</summary>
/// <param name="Line">The line of the file where it begins, from 1.</param>
/// <param name="Fields">Its fields without quotes.</param>
/// <param name="Raw">Its bytes without the line end.</param>
public sealed record CsvRow(long Line, IReadOnlyList<CsvField> Fields, ReadOnlyMemory<byte> Raw)
{
    /// <summary>The row as STL_LOAD_ERRORS shows it: at most 1,024 characters, a period for each byte outside of ASCII.</summary>
    public string RawLine => Visible(Raw.Span);

    /// <summary>Bytes as STL_LOAD_ERRORS shows them.</summary>
    public static string Visible(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var one in bytes[..Math.Min(bytes.Length, 1024)])
            text.Append(one is < 0x80 and not 0 ? (char)one : '.');
        return text.ToString();
    }
}

/// <summary>A field of a row.</summary>
/// <param name="Bytes">Its value without quotes.</param>
/// <param name="Start">Where it begins in the row, in bytes.</param>
public readonly record struct CsvField(ReadOnlyMemory<byte> Bytes, int Start);

/// <summary>A row that cannot be split into fields.</summary>
public sealed class CsvRowException(long line, LoadProblem problem, ReadOnlyMemory<byte> raw) : Exception(problem.Message)
{
    /// <summary>The line of the file where the row begins, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>What is wrong.</summary>
    public LoadProblem Problem { get; } = problem;

    /// <summary>The row as far as it was read.</summary>
    public ReadOnlyMemory<byte> Raw { get; } = raw;
}

/// <summary>
/// Reads CSV as COPY does: doubled quotes, line breaks inside quotes, LF or CR LF at the end of a row. Where the documentation is silent
/// it is strict: quotes surround a whole field, a lone CR needs quotes, and a blank line is an error.
/// </summary>
public sealed class RedshiftCsv(Stream stream, char delimiter)
{
    // "The maximum size of a single input row from any source is 4 MB."
    private const int LongestRow = 4 * 1024 * 1024;

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
        while (ReadRow() is { } row)
            yield return row;
    }

    private CsvRow? ReadRow()
    {
        if (Peek() < 0)
            return null;
        _raw.Clear();
        _fields.Clear();
        var line = _line;
        bool more;
        do
        {
            var start = _raw.Count;
            more = ReadField(line);
            _fields.Add(new CsvField(_value.ToArray(), start));
        }
        while (more);
        if (_raw.Count == 0)
            throw Invalid(line, LoadProblem.BlankLine);
        return new CsvRow(line, [.. _fields], _raw.ToArray());
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
                throw Invalid(line, LoadProblem.Quotes);
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
                throw Invalid(line, LoadProblem.MissingEndQuote);
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
        return _raw.Count <= LongestRow ? next : throw Invalid(line, LoadProblem.RowTooLong);
    }

    private int Peek()
    {
        if (_position == _filled)
            (_position, _filled) = (0, stream.Read(_buffer));
        return _position < _filled ? _buffer[_position] : -1;
    }

    private CsvRowException Invalid(long line, LoadProblem problem) => new(line, problem, _raw.ToArray());
}
