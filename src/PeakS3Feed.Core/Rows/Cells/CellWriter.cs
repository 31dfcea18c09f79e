using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Json;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>
/// Writes the values of one column to a vector, or returns the reason why a value cannot be stored. Each batch binds it to another vector.
/// </summary>
internal abstract class CellWriter(FeedColumn column)
{
    /// <summary>Whether reasons may contain the value, which is customer data.</summary>
    public bool ShowsValues { get; init; } = true;

    /// <summary>The column.</summary>
    protected FeedColumn Column { get; } = column;

    /// <summary>Creates the writer for a column.</summary>
    public static CellWriter Create(
        FeedColumn column, bool isKey, ValueLimits limits, ValueFormats formats, bool showsValues = true) => column.Type switch
    {
        ColumnType.Text => new TextCellWriter(column, isKey, limits) { ShowsValues = showsValues },
        ColumnType.Json => new JsonCellWriter(column, isKey, limits) { ShowsValues = showsValues },
        ColumnType.Boolean when formats.Booleans.HasPairs
            => Fixed<bool, PairedBooleanParser>(column, isKey, new PairedBooleanParser(formats.Booleans), showsValues),
        ColumnType.BigInt when formats.Numbers is { } numbers
            => Fixed<long, FormattedParser<long, BigIntParser>>(column, isKey, new(numbers, default), showsValues),
        ColumnType.Decimal when formats.Numbers is { } numbers
            => Fixed<Int128, FormattedParser<Int128, DecimalParser>>(column, isKey, new(numbers, new DecimalParser(column.Scale)), showsValues),
        ColumnType.Double when formats.Numbers is { } numbers
            => Fixed<double, FormattedParser<double, DoubleParser>>(column, isKey, new(numbers, default), showsValues),
        ColumnType.Boolean => Fixed<bool, BooleanParser>(column, isKey, default, showsValues),
        ColumnType.BigInt => Fixed<long, BigIntParser>(column, isKey, default, showsValues),
        ColumnType.Decimal => Fixed<Int128, DecimalParser>(column, isKey, new DecimalParser(column.Scale), showsValues),
        ColumnType.Double => Fixed<double, DoubleParser>(column, isKey, default, showsValues),
        ColumnType.Date => Fixed<int, DateParser>(column, isKey, new DateParser(formats.Dates), showsValues),
        ColumnType.Timestamp => Fixed<long, TimestampParser>(column, isKey, new TimestampParser(formats.Dates), showsValues),
        ColumnType.TimestampTz => Fixed<long, TimestampTzParser>(column, isKey, new TimestampTzParser(formats.Dates), showsValues),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    /// <summary>Binds the writer to a vector of its column.</summary>
    public abstract void Bind(ColumnVector vector);

    /// <summary>Appends a value. Returns null, or the reason when the column cannot store it; then nothing is appended.</summary>
    public abstract string? Append(ReadOnlySpan<byte> utf8, FieldKind kind);

    /// <summary>
    /// Appends a field of the rows of a block, from <paramref name="from"/> up to <paramref name="to"/>, or up to the first value that the column
    /// cannot store. Returns the row at which it stopped; <see cref="Append"/> gives the reason.
    /// </summary>
    public virtual int AppendRows(RowBlock block, int field, int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            if (Append(block.Value(row, field, out var kind), kind) is not null)
                return row;
        }

        return to;
    }

    /// <summary>Appends NULL <paramref name="count"/> times; false when the column does not allow NULL.</summary>
    public abstract bool TryAppendNulls(int count);

    /// <summary>Returns the reason for a value that is not of the column's type.</summary>
    protected string NotOfType(ReadOnlySpan<byte> utf8, FieldKind kind) => RejectReason.NotOfType(utf8, kind, Column.TypeName, ShowsValues);

    private static FixedCellWriter<T, TParser> Fixed<T, TParser>(FeedColumn column, bool isKey, TParser parser, bool showsValues)
        where T : unmanaged
        where TParser : struct, ICellParser<T>
        => new(column, isKey, parser) { ShowsValues = showsValues };
}

/// <summary>Writes values to one type of vector, and NULL where the column allows it.</summary>
internal abstract class VectorCellWriter<TVector>(FeedColumn column, bool isKey) : CellWriter(column)
    where TVector : ColumnVector
{
    private readonly string? _nullReason = isKey ? "NULL in a column of the primary key"
        : column.Nullable ? null
        : "NULL in a column that does not allow it";

    /// <summary>The vector to write to.</summary>
    protected TVector Vector { get; private set; } = null!;

    /// <summary>Whether the column allows NULL.</summary>
    protected bool AllowsNull => _nullReason is null;

    public sealed override void Bind(ColumnVector vector) => Vector = (TVector)vector;

    public sealed override bool TryAppendNulls(int count)
    {
        if (AllowsNull)
            Vector.AppendNulls(count);
        return AllowsNull;
    }

    /// <summary>Appends NULL, or returns the reason when the column does not allow it.</summary>
    protected string? AppendNull()
    {
        if (AllowsNull)
            Vector.AppendNull();
        return _nullReason;
    }
}

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
        => block is CsvRowBlock csv ? AppendRows(csv.Field(field, from), from, to) : AppendRows(((JsonRowBlock)block).Field(field, from), from, to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int AppendRows<TRows>(TRows rows, int from, int to)
        where TRows : struct, IFieldRows, allows ref struct
    {
        var values = Vector.Reserve(to - from);
        var row = from;
        for (; row < to; row++)
        {
            var utf8 = rows.Next(out var needsCare);
            if (needsCare)
            {
                utf8 = rows.Value(out var kind);
                if (kind <= FieldKind.Null || (utf8.IsEmpty && kind is FieldKind.Unquoted or FieldKind.Quoted))
                {
                    if (!AllowsNull)
                        break;
                    values[row - from] = default;
                    Vector.MarkNull(Vector.Count + row - from);
                    continue;
                }

                if (!parser.Accepts(kind))
                    break;
            }

            if (!parser.TryParse(utf8, out values[row - from]))
                break;
        }

        Vector.Advance(row - from);
        return row;
    }
}

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
        // No value is longer than its source text. After the last value there is space for a whole vector.
        var bytes = Vector.Reserve(to - from, block.RoomFor(field, from, to) + Vector256<byte>.Count, out var offsets);
        var written = block is CsvRowBlock csv
            ? AppendRows(csv.Field(field, from), to - from, bytes, offsets)
            : AppendRows(((JsonRowBlock)block).Field(field, from), to - from, bytes, offsets);
        Vector.Advance(written);
        return from + written;
    }

    // Returns the number of values before the first one that the column cannot store.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int AppendRows<TRows>(TRows rows, int count, Span<byte> bytes, Span<int> offsets)
        where TRows : struct, IFieldRows, allows ref struct
    {
        var longest = limits.MaxTextBytes ?? int.MaxValue;
        var first = offsets[0];
        var length = 0;
        for (var row = 0; row < count; row++)
        {
            var utf8 = rows.Next(out var needsCare);
            if (needsCare)
            {
                utf8 = rows.Value(out var kind);
                if (kind <= FieldKind.Null || (utf8.IsEmpty && kind == FieldKind.Unquoted))
                {
                    if (!AllowsNull)
                        return row;
                    Vector.MarkNull(Vector.Count + row);
                    offsets[row + 1] = first + length;
                    continue;
                }
            }

            if (utf8.Length > longest)
                return row;
            Copy(utf8, bytes[length..], rows.Readable);
            length += utf8.Length;
            offsets[row + 1] = first + length;
        }

        return count;
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
