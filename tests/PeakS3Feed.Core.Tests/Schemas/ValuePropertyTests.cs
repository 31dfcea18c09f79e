using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Schemas.Values;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Schemas;

/// <summary>Values as the library of .NET and a regular expression read them.</summary>
public partial class ValuePropertyTests
{
    private static readonly Gen<string> NumberLike =
        from length in Gen.Choose(0, 24)
        from pieces in Gen.Elements("0", "0", "1", "5", "9", "99999", "3", "7", ".", "-", "e", "+", " ", "\0", "٣").ArrayOf(length)
        select string.Concat(pieces.Take(length));

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Every_day_of_the_calendar_is_read_and_no_other()
    {
        Span<byte> text = stackalloc byte[10];
        for (var day = DateOnly.MinValue; ; day = day.AddDays(1))
        {
            day.TryFormat(text, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
            if (!IsoTime.TryParseDate(text, out var days) || days != day.DayNumber - 719_162)
                Assert.Fail(day.ToString("O", CultureInfo.InvariantCulture));
            if (day == DateOnly.MaxValue)
                break;
        }

        for (var year = 0; year <= 9999; year++)
        {
            for (var month = 0; month <= 13; month++)
            {
                var behindLast = year > 0 && month is > 0 and <= 12 ? DateTime.DaysInMonth(year, month) + 1 : 1;
                foreach (var none in (int[])[0, behindLast, 99])
                    Assert.False(IsoTime.TryParseDate(Encoding.ASCII.GetBytes($"{year:0000}-{month:00}-{none:00}"), out _));
            }
        }
    }

    [Fact]
    public void Another_byte_anywhere_in_a_time_makes_another_time_or_none()
    {
        foreach (var template in (string[])["2024-02-29T23:59:59Z", "2024-02-29 03:07", "1999-12-31T00:00:00.123456+05:30"])
        {
            for (var at = 0; at < template.Length; at++)
            {
                for (var other = 0; other < 256; other++)
                {
                    var text = Encoding.ASCII.GetBytes(template);
                    text[at] = (byte)other;
                    var shown = Encoding.Latin1.GetString(text);
                    var read = template.Length == 16 ? IsoTime.TryParseTimestamp(text, out var micros) : IsoTime.TryParseTimestampTz(text, out micros);
                    var isOne = IsoShape().IsMatch(shown) && DateTimeOffset.TryParse(
                        shown, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expected);
                    Assert.True(read == isOne, shown);
                    if (read)
                        Assert.Equal(DateTimeOffset.Parse(shown, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcTicks, DateTime.UnixEpoch.Ticks + (micros * 10));
                }
            }
        }
    }

    [Fact]
    public void Booleans_are_these_letters_and_no_other_bytes()
    {
        foreach (var word in (string[])["true", "FALSE", "tRuE", "fAlse"])
        {
            for (var at = 0; at < word.Length; at++)
            {
                for (var other = 0; other < 256; other++)
                {
                    var text = Encoding.Latin1.GetBytes(word);
                    text[at] = (byte)other;
                    var isOne = bool.TryParse(Encoding.Latin1.GetString(text), out var expected) && !char.IsWhiteSpace((char)other) && other != 0;
                    Assert.Equal(isOne, BooleanValue.TryParse(text, out var value));
                    Assert.Equal(expected && isOne, value);
                }
            }
        }
    }

    [Fact]
    public void What_looks_like_a_number_is_read_as_one_when_it_is()
    {
        var numbers = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50_000), Prop.ForAll(Arb.From(NumberLike), text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var isPlain = Plain().IsMatch(text);
            var digits = text.Replace(".", "", StringComparison.Ordinal);
            var scale = isPlain && text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
            var whole = isPlain ? BigInteger.Parse(digits, CultureInfo.InvariantCulture) : 0;
            var isInteger = isPlain && scale == 0 && !text.Contains('.', StringComparison.Ordinal) && text != "-0" && whole >= long.MinValue && whole <= long.MaxValue;
            Assert.Equal(isInteger, BigIntValue.TryParse(utf8, out var integer));
            Assert.True(!isInteger || integer == whole);

            var isDecimal = isPlain && scale <= 38 && BigInteger.Abs(whole) < BigInteger.Pow(10, 38);
            Assert.Equal(isDecimal, DecimalValue.TryParse(utf8, scale, out var exact));
            Assert.True(!isDecimal || exact == (Int128)whole);

            if (isPlain && digits.Length <= 15)
            {
                Assert.True(DoubleValue.TryParse(utf8, out var real));
                Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(real));
                numbers++;
            }
        }));
        Assert.InRange(numbers, 1_000, 50_000);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex IsoShape();
}
