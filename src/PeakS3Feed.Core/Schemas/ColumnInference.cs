using System.Runtime.InteropServices;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Finds the narrowest type for a column: each value must come back unchanged, and values that are written differently must stay different. Only the
/// syntax of the values decides. Memory is bounded; see <see cref="NumberTexts"/>.
/// </summary>
public sealed class ColumnInference
{
    private readonly ValueFormats _formats;
    private readonly NumberTexts _numbers;
    private Candidates _left = Candidates.All;
    private bool _canonical = true;
    private int _integerDigits;
    private int _scale;

    // The pairs of boolean texts that have all values so far. A column has one pair, because two texts for true may be two values.
    private uint _booleanPairs;

    /// <summary>Creates an inference without values.</summary>
    public ColumnInference(ValueFormats formats)
        : this(formats, new NumberTexts.Budget())
    {
    }

    /// <summary>Creates an inference without values, for one of several columns that share a memory budget.</summary>
    internal ColumnInference(ValueFormats formats, NumberTexts.Budget budget)
    {
        _formats = formats;
        _booleanPairs = formats.Booleans.AllPairs;
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

    /// <summary>Whether a value other than NULL was added.</summary>
    public bool HasValues { get; private set; }

    /// <summary>The type: text when no narrower type suits all values, or there were none.</summary>
    public InferredType Result => Choose(_left);

    /// <summary>
    /// The type for a column of a primary key. It is a numeric type only if every value was written in the canonical form, because two texts of one
    /// number (<c>3.1</c> and <c>3.10</c>) would merge two rows.
    /// </summary>
    public InferredType KeyResult => Choose(_canonical ? _left : _left & ~Candidates.Numbers);

    /// <summary>Adds a value.</summary>
    public void Add(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        // An empty CSV value is NULL in every column except a text column.
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
        if (Has(Candidates.Boolean) && (_booleanPairs &= _formats.Booleans.PairsOf(utf8)) == 0)
            _left &= ~Candidates.Boolean;
        if ((_left & Candidates.Numbers) != Candidates.None)
            AddAnyNumber(utf8, kind);
        if ((_left & Candidates.Dates) != Candidates.None)
            AddDate(utf8);
    }

    private InferredType Choose(Candidates left)
    {
        // Dates come first: a date without hyphens is also a number, but it is a date only by a format that the feed specifies.
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

    private void AddAnyNumber(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (_formats.Numbers is not { } numbers || kind == FieldKind.JsonNumber)
        {
            AddNumber(utf8, kind);
            return;
        }

        Span<byte> plain = utf8.Length <= NumberFormat.UsualBytes ? stackalloc byte[NumberFormat.UsualBytes] : new byte[utf8.Length];
        if (!numbers.TryWritePlain(utf8, plain, out var length, out var hasGroups))
        {
            _left &= ~Candidates.Numbers;
            return;
        }

        _canonical &= !hasGroups;
        AddNumber(plain[..length], kind);
    }

    private void AddNumber(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        if (NumberSyntax.TryParse(utf8, out var number))
        {
            _canonical &= number.IsCanonical;
            // In JSON, the text of a number has no meaning of its own. In CSV, it may be a code or a version.
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
        if (Has(Candidates.Date) && !_formats.Dates.TryParseDate(utf8, out _))
            _left &= ~Candidates.Date;
        if (Has(Candidates.Timestamp) && !_formats.Dates.TryParseTimestamp(utf8, out _))
            _left &= ~Candidates.Timestamp;
        if (Has(Candidates.TimestampTz) && !_formats.Dates.TryParseTimestampTz(utf8, out _))
            _left &= ~Candidates.TimestampTz;
    }

    // Digits, an E and digits, without point or sign: most such texts are article numbers.
    private static bool LooksLikeCode(ReadOnlySpan<byte> utf8, NumberSyntax number)
        => number.HasExponent && !number.Negative && number.Fraction.IsEmpty && utf8.IndexOfAny((byte)'+', (byte)'-') < 0;

    private bool Has(Candidates candidate) => (_left & candidate) != Candidates.None;
}

/// <summary>The inferred type of a column.</summary>
/// <param name="Type">The type.</param>
/// <param name="Scale">The number of digits after the point; only for decimals.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InferredType(ColumnType Type, int Scale = 0);
