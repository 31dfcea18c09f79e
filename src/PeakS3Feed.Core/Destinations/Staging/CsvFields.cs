using System.Buffers;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>Writes the fields of one column as CSV.</summary>
internal abstract class CsvField
{
    /// <summary>The size of the longest text so far, in bytes of UTF-8; 0 for other types.</summary>
    public virtual int LongestText => 0;

    /// <summary>Uses the rows of this vector from now on.</summary>
    public abstract void Bind(ColumnVector vector);

    /// <summary>The maximum number of bytes of a row's field.</summary>
    public abstract int MaxBytes(int row);

    /// <summary>Writes a row's field. Returns the number of bytes.</summary>
    /// <exception cref="NullTokenInDataException">A text equals the token.</exception>
    public abstract int Write(int row, Span<byte> output);

    /// <summary>Creates the writer for a column.</summary>
    public static CsvField Create(FeedColumn column, NullToken token) => column.Type switch
    {
        ColumnType.Text or ColumnType.Json => new CsvTextField(token),
        ColumnType.Boolean => new CsvFixedField<bool, CsvBoolean>(column.Scale, token),
        ColumnType.BigInt => new CsvFixedField<long, CsvBigInt>(column.Scale, token),
        ColumnType.Decimal => new CsvFixedField<Int128, CsvDecimal>(column.Scale, token),
        ColumnType.Double => new CsvFixedField<double, CsvDouble>(column.Scale, token),
        ColumnType.Date => new CsvFixedField<int, CsvDate>(column.Scale, token),
        ColumnType.Timestamp => new CsvFixedField<long, CsvTimestamp>(column.Scale, token),
        ColumnType.TimestampTz => new CsvFixedField<long, CsvTimestampTz>(column.Scale, token),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };
}

/// <summary>Values of a fixed width. None contains a character that needs quotes.</summary>
internal sealed class CsvFixedField<T, TValue>(int scale, NullToken token) : CsvField
    where T : unmanaged
    where TValue : struct, ICsvValue<T>
{
    private static readonly int Max = Math.Max(TValue.MaxBytes, NullToken.Length);
    private FixedVector<T>? _vector;

    public override void Bind(ColumnVector vector) => _vector = (FixedVector<T>)vector;

    public override int MaxBytes(int row) => Max;

    public override int Write(int row, Span<byte> output)
    {
        var vector = _vector!;
        if (!vector.HasNulls || !vector.IsNull(row))
            return TValue.Write(vector[row], scale, output);
        token.Bytes.CopyTo(output);
        return NullToken.Length;
    }
}

/// <summary>Text and JSON: quoted where a character asks for it, and where the text is empty.</summary>
internal sealed class CsvTextField(NullToken token) : CsvField
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);
    private Utf8Vector? _vector;
    private int _longest;

    public override int LongestText => _longest;

    public override void Bind(ColumnVector vector) => _vector = (Utf8Vector)vector;

    // Each byte may be a quote.
    public override int MaxBytes(int row) => Math.Max(checked((_vector![row].Length * 2) + 2), NullToken.Length);

    public override int Write(int row, Span<byte> output)
    {
        var text = _vector![row];
        if (text.Length == 0)
        {
            var empty = _vector.IsNull(row) ? token.Bytes : "\"\""u8;
            empty.CopyTo(output);
            return empty.Length;
        }
        if (text.Length > _longest)
            _longest = text.Length;
        if (text.Length == NullToken.Length && text.SequenceEqual(token.Bytes))
            throw new NullTokenInDataException();
        if (text.IndexOfAny(Special) >= 0)
            return WriteQuoted(text, output);
        text.CopyTo(output);
        return text.Length;
    }

    private static int WriteQuoted(ReadOnlySpan<byte> text, Span<byte> output)
    {
        output[0] = (byte)'"';
        var at = 1;
        while (true)
        {
            var quote = text.IndexOf((byte)'"');
            if (quote < 0)
                break;
            text[..(quote + 1)].CopyTo(output[at..]);
            at += quote + 1;
            output[at++] = (byte)'"';
            text = text[(quote + 1)..];
        }
        text.CopyTo(output[at..]);
        at += text.Length;
        output[at] = (byte)'"';
        return at + 1;
    }
}
