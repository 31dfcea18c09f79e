using PeakS3Feed.Formats;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Writes values of a fixed width. An empty CSV value is NULL, quoted or not.</summary>
internal sealed class FixedCellWriter<T, TParser>(FeedColumn column, bool isKey, TParser parser) : VectorCellWriter<FixedVector<T>>(column, isKey)
    where T : unmanaged
    where TParser : struct, ICellParser<T>
{
    public override string? Append(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (kind <= FieldKind.Null || (utf8.IsEmpty && kind is FieldKind.Unquoted or FieldKind.Quoted))
            return AppendNull();
        if (!parser.Accepts(kind) || !parser.TryParse(utf8, out var value))
            return NotOfType(utf8, kind);
        Vector.Append(value);
        return null;
    }

    public override int AppendRows(RowBlock block, int field, int from, int to)
    {
        var values = Vector.Reserve(to - from);
        var written = block.Field(field, from);
        var row = from;
        for (; row < to; row++)
        {
            var utf8 = written.Next();
            if (block.NeedsCare(utf8))
            {
                utf8 = block.Value(row, field, out var kind);
                if (utf8.IsEmpty || kind == FieldKind.Null)
                {
                    if (!AllowsNull)
                        break;
                    values[row - from] = default;
                    Vector.MarkNull(Vector.Count + row - from);
                    continue;
                }
            }

            if (!parser.TryParse(utf8, out values[row - from]))
                break;
        }

        Vector.Advance(row - from);
        return row;
    }
}
