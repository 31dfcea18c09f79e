using PeakS3Feed.Formats;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Finds the narrowest type that every value of a column comes back equal from. Only the values' own syntax decides; constant memory.
/// </summary>
public sealed class ColumnInference
{
    private readonly DateFormatSet _dates;
    private Candidates _left = Candidates.All;
    private int _integerDigits;
    private int _scale;

    /// <summary>Begins with no values.</summary>
    public ColumnInference(DateFormatSet dates) => _dates = dates;

    [Flags]
    private enum Candidates
    {
        None = 0,
        Boolean = 1,
        BigInt = 2,
        Decimal = 4,
        Double = 8,
        Date = 16,
        Timestamp = 32,
        TimestampTz = 64,
        Json = 128,
        Numbers = BigInt | Decimal | Double,
        Dates = Date | Timestamp | TimestampTz,
        All = 255,
    }

    /// <summary>Whether there was any value but NULL.</summary>
    public bool HasValues { get; private set; }

    /// <summary>The type, text when nothing narrower fits or there were no values.</summary>
    public InferredType Result
    {
        get
        {
            // Dates come first: one written without hyphens is a number too, but only a format that the feed names makes it a date.
            if (!HasValues || _left == Candidates.None)
                return new InferredType(ColumnType.Text);
            if (Has(Candidates.Boolean))
                return new InferredType(ColumnType.Boolean);
            if (Has(Candidates.Date))
                return new InferredType(ColumnType.Date);
            if (Has(Candidates.Timestamp))
                return new InferredType(ColumnType.Timestamp);
            if (Has(Candidates.TimestampTz))
                return new InferredType(ColumnType.TimestampTz);
            if (Has(Candidates.BigInt))
                return new InferredType(ColumnType.BigInt);
            if (Has(Candidates.Decimal))
                return new InferredType(ColumnType.Decimal, _scale);
            return new InferredType(Has(Candidates.Double) ? ColumnType.Double : ColumnType.Json);
        }
    }

    /// <summary>Takes a value into account.</summary>
    public void Add(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        // An empty value of CSV is NULL in every column but one of text.
        if (kind is FieldKind.Missing or FieldKind.Null || (utf8.IsEmpty && kind is FieldKind.Unquoted or FieldKind.Quoted))
            return;
        HasValues = true;
        _left &= kind switch
        {
            FieldKind.JsonString => Candidates.Dates,
            FieldKind.JsonNumber => Candidates.Numbers,
            FieldKind.JsonBoolean => Candidates.Boolean,
            FieldKind.JsonNested => Candidates.Json,
            _ => Candidates.All & ~Candidates.Json,
        };
        if (Has(Candidates.Boolean) && !BooleanValue.TryParse(utf8, out _))
            _left &= ~Candidates.Boolean;
        if ((_left & Candidates.Numbers) != Candidates.None)
            AddNumber(utf8);
        if ((_left & Candidates.Dates) != Candidates.None)
            AddDate(utf8);
    }

    private void AddNumber(ReadOnlySpan<byte> utf8)
    {
        if (Has(Candidates.BigInt) && !BigIntValue.TryParse(utf8, out _))
            _left &= ~Candidates.BigInt;
        if (Has(Candidates.Decimal))
        {
            var isPlain = DecimalValue.TryMeasure(utf8, out var integerDigits, out var scale);
            _integerDigits = Math.Max(_integerDigits, integerDigits);
            _scale = Math.Max(_scale, scale);
            if (!isPlain || _integerDigits + _scale > DecimalValue.MaxDigits)
                _left &= ~Candidates.Decimal;
        }

        if (Has(Candidates.Double) && !DoubleValue.TryParse(utf8, out _))
            _left &= ~Candidates.Double;
    }

    private void AddDate(ReadOnlySpan<byte> utf8)
    {
        if (Has(Candidates.Date) && !_dates.TryParseDate(utf8, out _))
            _left &= ~Candidates.Date;
        if (Has(Candidates.Timestamp) && !_dates.TryParseTimestamp(utf8, out _))
            _left &= ~Candidates.Timestamp;
        if (Has(Candidates.TimestampTz) && !_dates.TryParseTimestampTz(utf8, out _))
            _left &= ~Candidates.TimestampTz;
    }

    private bool Has(Candidates candidate) => (_left & candidate) != Candidates.None;
}
