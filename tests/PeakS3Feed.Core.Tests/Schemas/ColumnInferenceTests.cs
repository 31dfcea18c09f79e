using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows.Cells;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Schemas;

public class ColumnInferenceTests
{
    [Theory]
    [InlineData("bigint", "1", "-2", "9223372036854775807")]
    [InlineData("decimal(38,0)", "1", "9223372036854775808")]
    [InlineData("decimal(38,2)", "1", "2.5", "3.10")]
    [InlineData("decimal(38,38)", "0.00000000000000000000000000000000000001")]
    [InlineData("text", "0.00000000000000000000000000000000000001", "12345678901234567890")]
    [InlineData("double", "1.5", "2.0e3")]
    [InlineData("text", "1.5", "2e3")] // digits, E and digits may be a code
    [InlineData("text", "475833115E12")]
    [InlineData("double", "-2e3", "2e+3", "5E-7")]
    [InlineData("text", "3.1", "3.10")]
    [InlineData("text", "3.10", "7", "3.1")]
    [InlineData("text", "-0.5", "-0.500")]
    [InlineData("decimal(38,2)", "5", "5.00", "5.0")]
    [InlineData("decimal(38,2)", "3.10", "4.10", "4.25", "3.10")]
    [InlineData("decimal(38,2)", "-3.1", "3.10")]
    [InlineData("text", "1.5E3", "1500")]
    [InlineData("text", "1500.0", "1.5E3")]
    [InlineData("text", "0.00015", "1.5E-4")]
    [InlineData("double", "1.5E3", "1.5E3", "1501")]
    [InlineData("double", "0.00000000000000000000000000000000000001", "1")]
    [InlineData("text", "1.5", "2e3", "12345678901234567890.123")]
    [InlineData("text", "123456789012345678901234567890123456789")]
    [InlineData("text", "1", "007")]
    [InlineData("text", "1", "+1")]
    [InlineData("text", "1,000")]
    [InlineData("text", "NaN", "1.5")]
    [InlineData("boolean", "true", "FALSE")]
    [InlineData("text", "true", "1")]
    [InlineData("text", "yes", "no")]
    [InlineData("date", "2024-01-01", "0001-01-01")]
    [InlineData("text", "2024-01-01", "2024-02-30")]
    [InlineData("text", "01/02/2026")]
    [InlineData("text", "20240101", "x")]
    [InlineData("bigint", "20240101")]
    [InlineData("timestamp", "2024-01-01T10:00", "2024-01-01 10:00:00.123456")]
    [InlineData("text", "2024-01-01T10:00:00.1234567")]
    [InlineData("text", "2024-01-01", "2024-01-01T10:00")]
    [InlineData("timestamptz", "2024-01-01T10:00Z", "2024-01-01 10:00:00+02:00")]
    [InlineData("text", "2024-01-01T10:00Z", "2024-01-01T10:00")]
    [InlineData("text", "{}", "[]")]
    [InlineData("text", "")]
    [InlineData("bigint", "", "1", "")]
    public void The_narrowest_type_that_changes_nothing(string type, params string[] values)
        => Assert.Equal(type, TypeOf(values.Select(v => (v, FieldKind.Unquoted))));

    [Theory]
    [InlineData("bigint", "1", "-2", "0")]
    [InlineData("decimal(38,2)", "3.1", "3.12", "5")]
    [InlineData("text", "007")]
    [InlineData("text", "+5")]
    [InlineData("text", "3.10")]
    [InlineData("text", "5.0", "6")]
    [InlineData("text", "1.5E5")]
    [InlineData("text", "-0")]
    [InlineData("text", "-0.0")]
    [InlineData("date", "2026-01-01")]
    public void A_key_is_a_number_where_every_text_is_its_numbers_canonical_form(string type, params string[] values)
    {
        Assert.Equal(type, TypeOf(values.Select(v => (v, FieldKind.Unquoted)), isKey: true));
        Assert.Equal(type, TypeOf(values.Select(v => (v, FieldKind.Quoted)), isKey: true));
    }

    [Fact]
    public void A_number_of_JSON_is_its_value_but_in_a_key()
    {
        (string, FieldKind)[] values = [("3.1", FieldKind.JsonNumber), ("3.10", FieldKind.JsonNumber)];
        Assert.Equal("decimal(38,2)", TypeOf(values));
        Assert.Equal("text", TypeOf(values, isKey: true));
        Assert.Equal("double", TypeOf([("2e3", FieldKind.JsonNumber), ("2000", FieldKind.JsonNumber)]));
    }

    [Fact]
    public void So_many_numbers_are_compared_and_no_more()
    {
        IEnumerable<(string, FieldKind)> Values(int between) =>
            [("0.1", FieldKind.Unquoted), .. Enumerable.Range(1, between).Select(i => ($"{i}.25", FieldKind.Unquoted)), ("0.10", FieldKind.Unquoted)];
        Assert.Equal("text", TypeOf(Values(100_000)));
        Assert.Equal("text", TypeOf([.. Values(16_383).SkipLast(1), ("16383.250", FieldKind.Unquoted)]));
        Assert.Equal("decimal(38,3)", TypeOf([.. Values(16_384).SkipLast(1), ("16384.250", FieldKind.Unquoted)]));
    }

    [Theory]
    [InlineData("date", "dd/MM/yyyy", "01/02/2026")]
    [InlineData("date", "yyyyMMdd", "20260102")]
    [InlineData("bigint", "yyyyMMdd", "20260199")]
    [InlineData("text", "dd/MM/yyyy|MM/dd/yyyy", "01/02/2026")]
    public void Formats_of_the_feed_count(string type, string formats, string value)
        => Assert.Equal(type, TypeOf([(value, FieldKind.Unquoted)], ValueFormats.From(formats.Split('|'), new CsvOptions())));

    [Theory]
    [InlineData("text", FieldKind.JsonString, "12")]
    [InlineData("text", FieldKind.JsonString, "true")]
    [InlineData("date", FieldKind.JsonString, "2024-01-01")]
    [InlineData("timestamptz", FieldKind.JsonString, "2024-01-01T00:00:00Z")]
    [InlineData("text", FieldKind.JsonString, "")]
    [InlineData("bigint", FieldKind.JsonNumber, "12")]
    [InlineData("decimal(38,1)", FieldKind.JsonNumber, "1.0")]
    [InlineData("boolean", FieldKind.JsonBoolean, "true")]
    [InlineData("json", FieldKind.JsonNested, "{\"a\":1}")]
    [InlineData("bigint", FieldKind.Quoted, "12")]
    [InlineData("text", FieldKind.Quoted, "")]
    [InlineData("text", FieldKind.Null, "")]
    [InlineData("text", FieldKind.Missing, "")]
    public void How_a_value_is_written_counts(string type, FieldKind kind, string value)
        => Assert.Equal(type, TypeOf([(value, kind), ("", FieldKind.Null), ("", FieldKind.Missing)]));

    [Fact]
    public void Mixed_kinds_are_text()
    {
        Assert.Equal("text", TypeOf([("1", FieldKind.JsonNumber), ("1", FieldKind.JsonString)]));
        Assert.Equal("text", TypeOf([("{}", FieldKind.JsonNested), ("1", FieldKind.JsonNumber)]));
        Assert.Equal("bigint", TypeOf([("1", FieldKind.Unquoted), ("", FieldKind.Quoted)]));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void No_type_is_chosen_that_changes_a_value()
    {
        var digit = Gen.Choose(0, 9).Select(d => d.ToString(CultureInfo.InvariantCulture));
        var digits = digit.NonEmptyListOf().Select(d => string.Concat(d.Take(25)));
        var number = from sign in Gen.Elements("", "", "-", "+") from i in digits from dot in Gen.Elements("", ".", ".") from f in digits
                     from e in Gen.Elements("", "", "e5", "E-20") select sign + i + (dot.Length > 0 ? dot + f : "") + e;
        var time = from y in Gen.Elements("2024-02-29", "2023-02-29", "0001-01-01", "9999-12-31") from t in Gen.Elements("", "T10:00", " 23:59:59.999999", "T10:00:00.1234567")
                   from z in Gen.Elements("", "Z", "+05:30", "-14") select y + t + z;
        var other = Gen.Elements("", "true", "False", "0", "-0", "0.0", "1e400", "NaN", " 1", "x");
        var value = Gen.OneOf(number, number, time, other);
        var column = Gen.OneOf(value.NonEmptyListOf().Select(v => v.Take(4).ToArray()), number.NonEmptyListOf().Select(v => v.Take(3).ToArray()));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Arb.From(column), values =>
        {
            var inference = new ColumnInference(ValueFormats.Default);
            foreach (var v in values)
                inference.Add(Encoding.UTF8.GetBytes(v), FieldKind.Unquoted);
            return values.All(v => v.Length == 0 || ComesBack(v, inference.Result));
        }));
    }

    private static bool ComesBack(string text, InferredType type)
    {
        var column = new FeedColumn("c", "c", type.Type, type.Scale);
        var vector = ColumnVector.Create(column);
        var writer = CellWriter.Create(column, isKey: false, new ValueLimits(), ValueFormats.Default);
        writer.Bind(vector);
        if (writer.Append(Encoding.UTF8.GetBytes(text), FieldKind.Unquoted) is not null)
            return false;
        return type.Type switch
        {
            ColumnType.Text => text == Encoding.UTF8.GetString(((Utf8Vector)vector)[0]),
            ColumnType.Boolean => bool.Parse(text) == ((FixedVector<bool>)vector)[0],
            ColumnType.BigInt => text == ((FixedVector<long>)vector)[0].ToString(CultureInfo.InvariantCulture),
            ColumnType.Decimal => Exact(text) == ((BigInteger)((FixedVector<Int128>)vector)[0], BigInteger.Pow(10, type.Scale)).Reduced(),
            ColumnType.Double => Exact(text) == Exact(((FixedVector<double>)vector)[0].ToString("R", CultureInfo.InvariantCulture)),
            ColumnType.Date => text == DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(((FixedVector<int>)vector)[0])).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) == DateTimeOffset.UnixEpoch.AddTicks(((FixedVector<long>)vector)[0] * 10),
        };
    }

    // The number as a fraction in lowest terms.
    private static (BigInteger Numerator, BigInteger Denominator) Exact(string text)
    {
        var parts = text.Split('e', 'E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : parts[0].Length - point - 1;
        var numerator = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return exponent < 0 ? (numerator, BigInteger.Pow(10, -exponent)).Reduced() : (numerator * BigInteger.Pow(10, exponent), BigInteger.One).Reduced();
    }

    private static string TypeOf(IEnumerable<(string Value, FieldKind Kind)> values, ValueFormats? formats = null, bool isKey = false)
    {
        var inference = new ColumnInference(formats ?? ValueFormats.Default);
        foreach (var (value, kind) in values)
            inference.Add(Encoding.UTF8.GetBytes(value), kind);
        var (type, scale) = isKey ? inference.KeyResult : inference.Result;
        return new FeedColumn("c", "c", type, scale).TypeName;
    }
}

internal static class Fractions
{
    public static (BigInteger Numerator, BigInteger Denominator) Reduced(this (BigInteger Numerator, BigInteger Denominator) fraction)
    {
        var divisor = BigInteger.GreatestCommonDivisor(fraction.Numerator, fraction.Denominator);
        return (fraction.Numerator / divisor, fraction.Denominator / divisor);
    }
}
