using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Text: everything fits that the destination can hold. A quoted empty value is '', an unquoted one NULL.</summary>
internal sealed class TextCellWriter(FeedColumn column, bool isKey, ValueLimits limits) : CellWriter(column, isKey)
{
    private Utf8Vector _vector = null!;

    public override void Bind(ColumnVector vector) => _vector = (Utf8Vector)vector;

    public override string? Append(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (kind <= FieldKind.Null || (utf8.IsEmpty && kind == FieldKind.Unquoted))
            return AppendNull(_vector);
        if (Reason.Refused(utf8, limits, ShowsValues) is { } reason)
            return reason;
        _vector.Append(utf8);
        return null;
    }
}
