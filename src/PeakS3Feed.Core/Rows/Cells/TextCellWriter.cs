using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Writes text: everything that the destination can store. A quoted empty value is '', an unquoted one is NULL.</summary>
internal sealed class TextCellWriter(FeedColumn column, bool isKey, ValueLimits limits) : VectorCellWriter<Utf8Vector>(column, isKey)
{
    public override string? Append(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (kind <= FieldKind.Null || (utf8.IsEmpty && kind == FieldKind.Unquoted))
            return AppendNull();
        if (RejectReason.ForText(utf8, limits, ShowsValues) is { } reason)
            return reason;
        Vector.Append(utf8);
        return null;
    }

    public override int AppendRows(RowBlock block, int field, int from, int to)
    {
        if (block.MayHaveNul && !limits.AllowNul)
            return base.AppendRows(block, field, from, to);
        var longest = limits.MaxTextBytes ?? int.MaxValue;
        // No value is longer than its source text. After the last value there is space for a whole vector.
        var bytes = Vector.Reserve(to - from, block.RoomFor(field, from, to) + Vector256<byte>.Count, out var offsets);
        var first = offsets[0];
        var length = 0;
        var written = block.Field(field, from);
        var row = from;
        for (; row < to; row++)
        {
            var utf8 = written.Next();
            if (block.NeedsCare(utf8))
            {
                utf8 = block.Value(row, field, out var kind);
                var isNull = kind == FieldKind.Null || (utf8.IsEmpty && kind == FieldKind.Unquoted);
                if (utf8.Length > longest || (isNull && !AllowsNull))
                    break;
                if (isNull)
                    Vector.MarkNull(Vector.Count + row - from);
                else
                    utf8.CopyTo(bytes[length..]);
                length += isNull ? 0 : utf8.Length;
            }
            else if (utf8.Length > longest)
            {
                break;
            }
            else
            {
                Copy(utf8, bytes[length..], written.Readable);
                length += utf8.Length;
            }

            offsets[row - from + 1] = first + length;
        }

        Vector.Advance(row - from);
        return row;
    }

    // Most values are short. Copying a whole vector is faster than copying the exact number of bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> value, Span<byte> room, int readable)
    {
        if (value.Length <= Vector256<byte>.Count && readable >= Vector256<byte>.Count)
            Vector256.LoadUnsafe(in MemoryMarshal.GetReference(value)).CopyTo(room);
        else
            value.CopyTo(room);
    }
}
