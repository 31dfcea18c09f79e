using System.Text;

namespace PeakS3Feed.TestServers.Csv;

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
/// <param name="IsQuoted">Whether it is in quotes.</param>
public readonly record struct CsvField(ReadOnlyMemory<byte> Bytes, int Start, bool IsQuoted = false);

/// <summary>A row that cannot be split into fields.</summary>
public sealed class CsvRowException(long line, CsvFault fault, ReadOnlyMemory<byte> raw) : Exception(fault.ToString())
{
    /// <summary>The line of the file where the row begins, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>What is wrong.</summary>
    public CsvFault Fault { get; } = fault;

    /// <summary>The row as far as it was read.</summary>
    public ReadOnlyMemory<byte> Raw { get; } = raw;
}

/// <summary>Why a row cannot be split into fields.</summary>
public enum CsvFault
{
    /// <summary>The line is empty.</summary>
    BlankLine,

    /// <summary>A quote is inside a field, or something follows the quote that ends one.</summary>
    Quotes,

    /// <summary>The file ends inside quotes.</summary>
    MissingEndQuote,

    /// <summary>The row has more bytes than the service reads.</summary>
    RowTooLong,
}
