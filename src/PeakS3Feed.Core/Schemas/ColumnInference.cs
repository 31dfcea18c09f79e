using PeakS3Feed.Formats;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Finds the narrowest type that every value of a column comes back equal from, and that keeps apart what is written differently. Only the values'
/// own syntax decides. Memory is bounded: see <see cref="NumberTexts"/>.
/// </summary>
public sealed class ColumnInference
{
    private readonly DateFormatSet _dates;
    private readonly NumberTexts _numbers;
    private Candidates _left = Candidates.All;
    private bool _canonical = true;
    private int _integerDigits;
    private int _scale;

    /// <summary>Begins with no values.</summary>
    public ColumnInference(DateFormatSet dates)
        : this(dates, new NumberTexts.Budget())
    {
    }

    /// <summary>Begins with no values, for one of several columns.</summary>
    internal ColumnInference(DateFormatSet dates, NumberTexts.Budget budget)
    {
        _dates = dates;
        _numbers = new NumberTexts(budget);
    }

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
    public InferredType Result => Choose(_left);

    /// <summary>
    /// The type as part of a primary key: a number only if every value was written the one canonical way, for two texts of one number
    /// (<c>3.1</c> and <c>3.10</c>) would make one row of two.
    /// </summary>
    public InferredType KeyResult => Choose(_canonical ? _left : _left & ~Candidates.Numbers);

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
            AddNumber(utf8, kind);
        if ((_left & Candidates.Dates) != Candidates.None)
            AddDate(utf8);
    }

    private InferredType Choose(Candidates left)
    {
        // Dates come first: one written without hyphens is a number too, but only a format that the feed names makes it a date.
        if (!HasValues || left == Candidates.None)
            return new InferredType(ColumnType.Text);
        if (left.HasFlag(Candidates.Boolean))
            return new InferredType(ColumnType.Boolean);
        if (left.HasFlag(Candidates.Date))
            return new InferredType(ColumnType.Date);
        if (left.HasFlag(Candidates.Timestamp))
            return new InferredType(ColumnType.Timestamp);
        if (left.HasFlag(Candidates.TimestampTz))
            return new InferredType(ColumnType.TimestampTz);
        if (left.HasFlag(Candidates.BigInt))
            return new InferredType(ColumnType.BigInt);
        if (left.HasFlag(Candidates.Decimal))
            return new InferredType(ColumnType.Decimal, _scale);
        return new InferredType(left.HasFlag(Candidates.Double) ? ColumnType.Double : ColumnType.Json);
    }

    private void AddNumber(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (NumberSyntax.TryParse(utf8, out var number))
        {
            _canonical &= number.IsCanonical;
            // In JSON a number is its value, however it is written; in CSV its text may be a code or a version.
            if (kind != FieldKind.JsonNumber && (LooksLikeCode(utf8, number) || _numbers.IsOtherText(number)))
                _left &= ~Candidates.Numbers;
        }

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

    // Digits, an E and digits, without point or sign: most such texts are article numbers.
    private static bool LooksLikeCode(ReadOnlySpan<byte> utf8, NumberSyntax number)
        => number.HasExponent && !number.Negative && number.Fraction.IsEmpty && utf8.IndexOfAny((byte)'+', (byte)'-') < 0;

    private bool Has(Candidates candidate) => (_left & candidate) != Candidates.None;
}
