using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Writes values of a fixed width. An empty value of CSV is NULL, in quotes or not.</summary>
internal abstract class FixedCellWriter<T>(FeedColumn column, bool isKey) : CellWriter(column, isKey)
    where T : unmanaged
{
    private FixedVector<T> _vector = null!;

    public sealed override void Bind(ColumnVector vector) => _vector = (FixedVector<T>)vector;

    public sealed override string? Append(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (kind <= FieldKind.Null || (utf8.IsEmpty && kind is FieldKind.Unquoted or FieldKind.Quoted))
            return AppendNull(_vector);
        if (!Accepts(kind) || !TryParse(utf8, out var value))
            return Misfit(utf8, kind);
        _vector.Append(value);
        return null;
    }

    /// <summary>Whether a value written that way can be of the type at all.</summary>
    protected abstract bool Accepts(FieldKind kind);

    /// <summary>Reads a value.</summary>
    protected abstract bool TryParse(ReadOnlySpan<byte> utf8, out T value);
}
