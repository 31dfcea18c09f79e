using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>A Parquet file that is complete.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Rows">Its number of rows.</param>
/// <param name="Columns">The statistics of each column, in the order of the file.</param>
internal sealed record ParquetFileInfo(long Bytes, long Rows, IReadOnlyList<ParquetStatistics> Columns);

/// <summary>
/// The bounds of one column of one file. They are null where there are none: if all values are NULL, if a double is NaN, and if a text is too long.
/// </summary>
/// <param name="Column">The column.</param>
/// <param name="Nulls">How many values are NULL.</param>
/// <param name="Min">No value is less. The smallest value itself, unless it is a long text: then its beginning.</param>
/// <param name="Max">No value is greater. The greatest value itself; null if it is a text of more than <see cref="MaxTextBytes"/> bytes.</param>
internal sealed record ParquetStatistics(FeedColumn Column, long Nulls, ParquetBound? Min, ParquetBound? Max)
{
    /// <summary>The maximum size of a text bound, in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 64;

    /// <summary>The column's name.</summary>
    public string Name => Column.Name;
}

/// <summary>
/// A bound of a column. Which member has it depends on the column's type: text and JSON are <see cref="Utf8"/>, double is <see cref="Real"/>, and all
/// other types are <see cref="Integer"/>: the number, the decimal times ten to its scale, days, microseconds, 0 or 1.
/// </summary>
internal readonly struct ParquetBound
{
    private ParquetBound(Int128 integer, double real, byte[]? utf8) => (Integer, Real, Text) = (integer, real, utf8);

    /// <summary>The value of a type that is neither text nor double.</summary>
    public Int128 Integer { get; }

    /// <summary>The value of a double; may be infinite, but is never NaN. A zero is negative as a minimum and positive as a maximum.</summary>
    public double Real { get; }

    /// <summary>The value of text or JSON; whole characters. It compares byte by byte.</summary>
    public ReadOnlyMemory<byte> Utf8 => Text;

    private byte[]? Text { get; }

    /// <summary>The bound of a column that is neither text nor double.</summary>
    public static ParquetBound From(Int128 value) => new(value, 0, null);

    /// <summary>The bound of a double.</summary>
    public static ParquetBound From(double value) => new(0, value, null);

    /// <summary>The bound of text or JSON.</summary>
    public static ParquetBound From(ReadOnlySpan<byte> utf8) => new(0, 0, utf8.ToArray());

    /// <summary>Compares two bounds of columns of the same type: negative, 0 or positive.</summary>
    public int CompareTo(ParquetBound other, ColumnType type) => type switch
    {
        ColumnType.Text or ColumnType.Json => Utf8.Span.SequenceCompareTo(other.Utf8.Span),
        ColumnType.Double => Real.CompareTo(other.Real),
        _ => Integer.CompareTo(other.Integer),
    };
}
