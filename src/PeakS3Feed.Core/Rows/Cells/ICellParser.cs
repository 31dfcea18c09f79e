using PeakS3Feed.Formats;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Reads the values of a type of fixed width. Implemented by structs, so that the loop over a column is compiled for each of them.</summary>
internal interface ICellParser<T>
{
    /// <summary>Whether a value written that way can be of the type at all. All types take what CSV gives, in quotes or not.</summary>
    bool Accepts(FieldKind kind);

    /// <summary>Reads a value.</summary>
    bool TryParse(ReadOnlySpan<byte> utf8, out T value);
}
