using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Schemas;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Tests.Schemas;

public class ValueTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("7", 7L)]
    [InlineData("-12", -12L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("-9223372036854775809", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("+1", null)]
    [InlineData("007", null)]
    [InlineData("-0", null)]
    [InlineData("-", null)]
    [InlineData("", null)]
    [InlineData(" 1", null)]
    [InlineData("1 ", null)]
    [InlineData("1,000", null)]
    [InlineData("1.0", null)]
    [InlineData("1e3", null)]
    [InlineData("٣", null)]
    public void BigInt_is_canonical(string text, long? expected)
        => Assert.Equal(expected, BigIntValue.TryParse(Utf8(text), out var value) ? value : null);

    [Theory]
    [InlineData("0", 2, "0")]
    [InlineData("1.5", 2, "150")]
    [InlineData("-1.50", 2, "-150")]
    [InlineData("1.50", 1, "15")]
    [InlineData("1.500000000000000000000000000000000000000000", 1, "15")]
    [InlineData("1.55", 1, null)]
    [InlineData("12", 0, "12")]
    [InlineData("12.0", 0, "12")]
    [InlineData("0.00000000000000000000000000000000000001", 38, "1")]
    [InlineData("99999999999999999999999999999999999999", 0, "99999999999999999999999999999999999999")]
    [InlineData("-99999999999999999999999999999999999999", 0, "-99999999999999999999999999999999999999")]
    [InlineData("999999999999999999999999999999999999.99", 2, "99999999999999999999999999999999999999")]
    [InlineData("100000000000000000000000000000000000000", 0, null)]
    [InlineData("1000000000000000000000000000000000000", 2, null)]
    [InlineData("999999999999999999", 0, "999999999999999999")]
    [InlineData("9999999999999999999", 0, "9999999999999999999")]
    [InlineData("007.5", 1, null)]
    [InlineData("+7.5", 1, null)]
    [InlineData(".5", 1, null)]
    [InlineData("5.", 1, null)]
    [InlineData("1e2", 2, null)]
    [InlineData("1,5", 1, null)]
    [InlineData("-", 1, null)]
    [InlineData("", 1, null)]
    [InlineData("--1", 1, null)]
    public void Decimals_are_exact(string text, int scale, string? expected)
        => Assert.Equal(expected, DecimalValue.TryParse(Utf8(text), scale, out var value) ? value.ToString(CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("-1.5e3", -1500.0)]
    [InlineData("1E+2", 100.0)]
    [InlineData("0.1", 0.1)]
    [InlineData("0.30000000000000004", 0.30000000000000004)]
    [InlineData("100000000000000000000000", 1e23)]
    [InlineData("5e-324", 5e-324)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("9007199254740992", 9007199254740992.0)]
    [InlineData("9007199254740993", null)]
    [InlineData("3.14159265358979323846", null)]
    [InlineData("4e-324", null)]
    [InlineData("1e400", null)]
    [InlineData("1e-400", null)]
    [InlineData("0e-99999", 0.0)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("+1.5", null)]
    [InlineData("01.5", null)]
    [InlineData(".5", null)]
    [InlineData("1e", null)]
    [InlineData("1e+", null)]
    [InlineData("", null)]
    public void Doubles_come_back_equal(string text, double? expected)
        => Assert.Equal(expected, DoubleValue.TryParse(Utf8(text), out var value) ? value : null);

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("False", false)]
    [InlineData("t", null)]
    [InlineData("1", null)]
    [InlineData("yes", null)]
    [InlineData("true ", null)]
    [InlineData("", null)]
    public void Booleans_are_true_or_false(string text, bool? expected)
        => Assert.Equal(expected, BooleanValue.TryParse(Utf8(text), out var value) ? value : null);

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1969-12-31", -1)]
    [InlineData("2024-02-29", 19782)]
    [InlineData("0001-01-01", -719162)]
    [InlineData("9999-12-31", 2932896)]
    [InlineData("2023-02-29", null)]
    [InlineData("0000-01-01", null)]
    [InlineData("2024-13-01", null)]
    [InlineData("2024-00-10", null)]
    [InlineData("2024-1-1", null)]
    [InlineData("20240101", null)]
    [InlineData("2024-01-01T00:00", null)]
    [InlineData("2024/01/01", null)]
    [InlineData("", null)]
    public void Dates_are_ISO(string text, int? expected)
        => Assert.Equal(expected, DateFormatSet.Iso.TryParseDate(Utf8(text), out var value) ? value : null);

    [Theory]
    [InlineData("1970-01-01T00:00", 0L)]
    [InlineData("1970-01-01 00:00:01", 1_000_000L)]
    [InlineData("1970-01-01T00:00:00.5", 500_000L)]
    [InlineData("1970-01-01T00:00:00.000001", 1L)]
    [InlineData("1969-12-31T23:59:59.999999", -1L)]
    [InlineData("1970-01-01T00:00:00.0000001", null)]
    [InlineData("1970-01-01T00:00:00.", null)]
    [InlineData("1970-01-01T24:00", null)]
    [InlineData("1970-01-01T00:60", null)]
    [InlineData("1970-01-01T00:00:60", null)]
    [InlineData("1970-01-01T0:00", null)]
    [InlineData("1970-01-01", null)]
    [InlineData("1970-01-01T00:00Z", null)]
    [InlineData("1970-01-01t00:00", null)]
    public void Timestamps_have_no_zone(string text, long? expected)
        => Assert.Equal(expected, DateFormatSet.Iso.TryParseTimestamp(Utf8(text), out var value) ? value : null);

    [Theory]
    [InlineData("1970-01-01T00:00Z", 0L)]
    [InlineData("1970-01-01 01:00:00+01", 0L)]
    [InlineData("1970-01-01T05:30:00.25+0530", 250_000L)]
    [InlineData("1969-12-31T19:00:00-05:00", 0L)]
    [InlineData("0001-01-01T00:00:00+01:00", null)]
    [InlineData("9999-12-31T23:59:59-01:00", null)]
    [InlineData("1970-01-01T00:00", null)]
    [InlineData("1970-01-01Z", null)]
    [InlineData("1970-01-01T00:00+15", null)]
    [InlineData("1970-01-01T00:00+1", null)]
    [InlineData("1970-01-01T00:00+01:60", null)]
    [InlineData("1970-01-01T00:00+01-00", null)]
    [InlineData("1970-01-01T00:00z", null)]
    [InlineData("1970-01-01T00:00Z ", null)]
    public void Instants_are_kept_in_UTC(string text, long? expected)
        => Assert.Equal(expected, DateFormatSet.Iso.TryParseTimestampTz(Utf8(text), out var value) ? value : null);

    [Fact]
    public void Bigints_and_doubles_round_trip()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<long>(v => BigIntValue.TryParse(Utf8(v.ToString(CultureInfo.InvariantCulture)), out var back) && back == v));
        Check.QuickThrowOnFailure(Prop.ForAll<long>(bits =>
        {
            var value = BitConverter.Int64BitsToDouble(bits * 6364136223846793005);
            return !double.IsFinite(value)
                || (DoubleValue.TryParse(Utf8(value.ToString("R", CultureInfo.InvariantCulture)), out var back) && back.Equals(value));
        }));
    }

    [Fact]
    public void Decimals_agree_with_big_integers()
    {
        var digits = Gen.Choose(0, 9).ListOf().Select(d => string.Concat(d.Take(30)));
        var numbers = from integer in digits from fraction in digits from scale in Gen.Choose(0, 38) select (integer, fraction, scale);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Arb.From(numbers), n =>
        {
            var integer = n.integer.TrimStart('0') is { Length: > 0 } some ? some : "0";
            var text = n.fraction.Length > 0 ? $"{integer}.{n.fraction}" : integer;
            var scaled = BigInteger.Parse(integer + n.fraction, CultureInfo.InvariantCulture) * BigInteger.Pow(10, n.scale);
            var expected = BigInteger.DivRem(scaled, BigInteger.Pow(10, n.fraction.Length), out var rest);
            var fits = rest.IsZero && expected < BigInteger.Pow(10, 38);
            return DecimalValue.TryParse(Utf8(text), n.scale, out var value) == fits && (!fits || (BigInteger)value == expected);
        }));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
