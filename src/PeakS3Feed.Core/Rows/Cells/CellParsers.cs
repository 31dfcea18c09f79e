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

/// <summary>Parses numbers of CSV in the form that the feed specifies.</summary>
/// <param name="format">The form.</param>
/// <param name="parser">Parses a number with a point and without groups.</param>
internal readonly struct FormattedParser<T, TParser>(NumberFormat format, TParser parser) : ICellParser<T>
    where TParser : struct, ICellParser<T>
{
    public bool Accepts(FieldKind kind) => parser.Accepts(kind);

    public bool TryParse(ReadOnlySpan<byte> utf8, out T value)
    {
        Span<byte> plain = utf8.Length <= NumberFormat.UsualBytes ? stackalloc byte[NumberFormat.UsualBytes] : new byte[utf8.Length];
        if (format.TryWritePlain(utf8, plain, out var length, out _))
            return parser.TryParse(plain[..length], out value);
        value = default!;
        return false;
    }
}

/// <summary>Parses booleans of CSV with the texts that the feed specifies.</summary>
/// <param name="format">The texts.</param>
internal readonly struct PairedBooleanParser(BooleanFormat format) : ICellParser<bool>
{
    public bool Accepts(FieldKind kind) => kind is FieldKind.Unquoted or FieldKind.Quoted or FieldKind.JsonBoolean;

    public bool TryParse(ReadOnlySpan<byte> utf8, out bool value) => format.TryParse(utf8, out value);
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
