using PeakS3Feed.Formats;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Parses the values of a type of fixed width. Structs implement it, so that the loop over a column is compiled for each type.</summary>
internal interface ICellParser<T>
{
    /// <summary>Whether the type accepts a value in that form. All types accept CSV values, quoted or not.</summary>
    bool Accepts(FieldKind kind);

    /// <summary>Parses a value.</summary>
    bool TryParse(ReadOnlySpan<byte> utf8, out T value);
}
