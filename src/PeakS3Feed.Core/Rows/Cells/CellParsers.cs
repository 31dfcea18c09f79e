using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Parses the values of a type of fixed width. Structs implement it, so that the loop over a column is compiled for each type.</summary>
internal interface ICellParser<T>
{
    /// <summary>Whether the type accepts a value in that form. All types accept CSV values, quoted or not.</summary>
    bool Accepts(FieldKind kind);

    /// <summary>Parses a value.</summary>
    bool TryParse(ReadOnlySpan<byte> utf8, out T value);
}

/// <summary>Parses 64-bit integers. Accepts CSV values and JSON numbers, not JSON strings.</summary>
internal readonly struct BigIntParser : ICellParser<long>
{
    public bool Accepts(FieldKind kind) => FieldKinds.CanBeNumber(kind);

    public bool TryParse(ReadOnlySpan<byte> utf8, out long value) => BigIntValue.TryParse(utf8, out value);
}

/// <summary>Parses decimals at the column's scale. Accepts CSV values and JSON numbers, not JSON strings.</summary>
internal readonly struct DecimalParser(int scale) : ICellParser<Int128>
{
    public bool Accepts(FieldKind kind) => FieldKinds.CanBeNumber(kind);

    public bool TryParse(ReadOnlySpan<byte> utf8, out Int128 value) => DecimalValue.TryParse(utf8, scale, out value);
}

/// <summary>Parses doubles. Accepts CSV values and JSON numbers, not JSON strings.</summary>
internal readonly struct DoubleParser : ICellParser<double>
{
    public bool Accepts(FieldKind kind) => FieldKinds.CanBeNumber(kind);

    public bool TryParse(ReadOnlySpan<byte> utf8, out double value) => DoubleValue.TryParse(utf8, out value);
}

/// <summary>Parses booleans. Accepts CSV values and JSON booleans, not JSON strings.</summary>
internal readonly struct BooleanParser : ICellParser<bool>
{
    public bool Accepts(FieldKind kind) => kind is FieldKind.Unquoted or FieldKind.Quoted or FieldKind.JsonBoolean;

    public bool TryParse(ReadOnlySpan<byte> utf8, out bool value) => BooleanValue.TryParse(utf8, out value);
}

/// <summary>Parses dates into days since 1970-01-01. Accepts CSV values and JSON strings.</summary>
internal readonly struct DateParser(DateFormatSet dates) : ICellParser<int>
{
    public bool Accepts(FieldKind kind) => FieldKinds.CanBeText(kind);

    public bool TryParse(ReadOnlySpan<byte> utf8, out int value) => dates.TryParseDate(utf8, out value);
}

/// <summary>Parses timestamps into microseconds since 1970-01-01T00:00:00. Accepts CSV values and JSON strings.</summary>
internal readonly struct TimestampParser(DateFormatSet dates) : ICellParser<long>
{
    public bool Accepts(FieldKind kind) => FieldKinds.CanBeText(kind);

    public bool TryParse(ReadOnlySpan<byte> utf8, out long value) => dates.TryParseTimestamp(utf8, out value);
}

/// <summary>Parses instants into microseconds since 1970-01-01T00:00:00Z. Accepts CSV values and JSON strings.</summary>
internal readonly struct TimestampTzParser(DateFormatSet dates) : ICellParser<long>
{
    public bool Accepts(FieldKind kind) => FieldKinds.CanBeText(kind);

    public bool TryParse(ReadOnlySpan<byte> utf8, out long value) => dates.TryParseTimestampTz(utf8, out value);
}

/// <summary>The forms in the file that types accept.</summary>
internal static class FieldKinds
{
    public static bool CanBeNumber(FieldKind kind) => kind is FieldKind.Unquoted or FieldKind.Quoted or FieldKind.JsonNumber;

    public static bool CanBeText(FieldKind kind) => kind is FieldKind.Unquoted or FieldKind.Quoted or FieldKind.JsonString;
}
