#pragma warning disable MA0048 // a class each of three lines; they are read together
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Numbers: from CSV and JSON numbers, never from JSON strings.</summary>
internal abstract class NumberCellWriter<T>(FeedColumn column, bool isKey) : FixedCellWriter<T>(column, isKey)
    where T : unmanaged
{
    protected sealed override bool Accepts(FieldKind kind) => kind is FieldKind.Unquoted or FieldKind.Quoted or FieldKind.JsonNumber;
}

/// <summary>64-bit integers.</summary>
internal sealed class BigIntCellWriter(FeedColumn column, bool isKey) : NumberCellWriter<long>(column, isKey)
{
    protected override bool TryParse(ReadOnlySpan<byte> utf8, out long value) => BigIntValue.TryParse(utf8, out value);
}

/// <summary>Decimals at the column's scale.</summary>
internal sealed class DecimalCellWriter(FeedColumn column, bool isKey) : NumberCellWriter<Int128>(column, isKey)
{
    protected override bool TryParse(ReadOnlySpan<byte> utf8, out Int128 value) => DecimalValue.TryParse(utf8, Column.Scale, out value);
}

/// <summary>Doubles.</summary>
internal sealed class DoubleCellWriter(FeedColumn column, bool isKey) : NumberCellWriter<double>(column, isKey)
{
    protected override bool TryParse(ReadOnlySpan<byte> utf8, out double value) => DoubleValue.TryParse(utf8, out value);
}

/// <summary>Booleans: from CSV and JSON's own, never from JSON strings.</summary>
internal sealed class BooleanCellWriter(FeedColumn column, bool isKey) : FixedCellWriter<bool>(column, isKey)
{
    protected override bool Accepts(FieldKind kind) => kind is FieldKind.Unquoted or FieldKind.Quoted or FieldKind.JsonBoolean;

    protected override bool TryParse(ReadOnlySpan<byte> utf8, out bool value) => BooleanValue.TryParse(utf8, out value);
}
