using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Rows;

namespace PeakS3Feed.Tests.Schemas;

/// <summary>
/// Columns of values that look like others, read as CSV: the type chosen gives every value back as it was written (but for the digits that
/// a decimal's scale adds, a double's shortest form, the zone of an instant and the case of a boolean), and what comes later and does
/// not fit is a reject.
/// </summary>
public class InferencePropertyTests
{
    private static readonly string[] Traps =
    [
        "", "0", "1", "-1", "007", "00501", "+1", "-0", "-0.00", "0.10", "1.", ".5", "1,000", "1.000,50", "1e5", "1E-7", "1e400", "5e-324", "2e-324", "NaN", "inf", "Infinity", "0x1F", "1_000",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "9007199254740993", "0.1234567890123456789",
        "99999999999999999999999999999999999999", "100000000000000000000000000000000000000", "0.00000000000000000000000000000000000001",
        "true", "TRUE", "False", "t", "yes", "on", "NULL", "null", "N/A", " ", " 1", "1 ", "\u00A01", "١",
        "2024-02-29", "2023-02-29", "2024-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2024-1-1", "20240101", "01/02/2026", "13/02/2026", "02/13/2026",
        "2024-01-01T10:00", "2024-01-01 10:00:00.5", "2024-01-01T10:00:00.123456", "2024-01-01T10:00:00.1234567", "2024-01-01T24:00", "2024-12-31T23:59:60",
        "2024-01-01T10:00Z", "2024-01-01T10:00:00.000001+05:30", "2024-01-01 10:00-14", "2024-01-01T10:00 Z", "0001-01-01T00:00+01:00", "9999-12-31T23:59:59.999999Z",
        "{}", "[1]", "\"x\"", "x",
    ];

    private static readonly Gen<string> Number =
        from sign in Gen.Elements("", "", "-")
        from integer in Gen.Elements("0", "7", "10", "123456", "12345678901234567", "9223372036854775806", "12345678901234567890123456789")
        from fraction in Gen.Elements("", "", ".0", ".5", ".25", ".123456", ".12345678901234567")
        from exponent in Gen.Elements("", "", "", "e3", "E-5")
        select sign + integer + fraction + exponent;

    private static readonly string[] Times = ["T02:30", " 23:59:59", "T00:00:00.1", " 12:00:00.999999"];

    private static readonly string[] Zones = ["Z", "+05:30", "-08", "+0100"];

    // Columns of one kind, where a narrow type is likely, with a trap here and there.
    private static readonly Gen<string[]> Column =
        from kind in Gen.Elements(
            Number, Gen.Elements("0", "-7", "9223372036854775807"), Gen.Elements("1.5", "-0.25", "12345678901234567890.123"), Gen.Elements("1e5", "-2.5E-7", "1.25e300"),
            Time([""], [""]), Time(Times, [""]), Time(Times, Zones), Time(["", .. Times], ["", .. Zones]), Gen.Elements("true", "FALSE", "False"), Gen.Elements(Traps))
        from trap in Gen.Elements(Gen.Constant(""), Gen.Elements(Traps))
        from values in Gen.OneOf(kind, kind, kind, kind, kind, kind, trap).NonEmptyListOf()
        select values.Take(5).ToArray();

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void The_type_chosen_gives_every_value_back()
    {
        var chosen = new Dictionary<ColumnType, int>();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(6_000), Prop.ForAll(Arb.From(Column), values =>
        {
            var batch = Load(Assembly.Schema(), values, Assembly.Options);
            Assert.Empty(batch.Rejects);
            Assert.Equal(values.Length, batch.Rows.Count);
            var column = batch.Rows.Columns[1];
            chosen[column.Column.Type] = chosen.GetValueOrDefault(column.Column.Type) + 1;
            for (var row = 0; row < values.Length; row++)
                AssertSame(values[row], column, row);
        }));
        // All types were there, or this would prove little.
        Assert.Equal(8, chosen.Count);
        Assert.All(chosen.Values, times => Assert.InRange(times, 50, 6_000));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void A_value_that_does_not_fit_a_type_is_a_reject_and_one_that_fits_is_kept_as_it_was()
    {
        var types = Gen.Elements(Enum.GetValues<ColumnType>());
        var loads = from type in types from scale in Gen.Choose(0, 4) from values in Column select (type, scale, values);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(6_000), Prop.ForAll(Arb.From(loads), load =>
        {
            var schema = Assembly.Schema(
                Assembly.Column("n", ColumnType.BigInt), Assembly.Column("v", load.type, load.type == ColumnType.Decimal ? load.scale : 0));
            var batch = Load(schema, load.values, Assembly.Options);
            Assert.Equal(load.values.Length, batch.Rows.Count + batch.Rejects.Count);
            var numbers = (FixedVector<long>)batch.Rows.Columns[0];
            for (var row = 0; row < batch.Rows.Count; row++)
                AssertSame(load.values[numbers[row]], batch.Rows.Columns[1], row);
            Assert.All(batch.Rejects, reject =>
            {
                var number = (int)reject.Position.Line - 2;
                Assert.Equal("v", reject.Position.Column);
                Assert.Equal(Line(number, load.values[number]), reject.RawText);
            });
        }));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("dd/MM/yyyy")]
    [InlineData("MM/dd/yyyy")]
    [InlineData("d.M.yyyy")]
    [InlineData("yyyyMMdd")]
    [InlineData("yyyy-dd-MM")]
    [InlineData("dd MMM yyyy")]
    [InlineData("dddd, d MMMM yyyy")]
    [InlineData("dd/MM/yyyy HH:mm:ss.ffffff")]
    [InlineData("MM/dd/yyyy hh:mm:ss tt")]
    [InlineData("yyyyMMdd'T'HHmmss'Z'")]
    [InlineData("dd/MM/yyyy HH:mm zzz")]
    public void Dates_written_by_the_feeds_format_are_read_by_it(string format)
    {
        var moments = from day in Gen.Choose(0, 3_652_058) from second in Gen.Choose(0, 86_399) select DateTime.MinValue.AddDays(day).AddSeconds(second);
        var options = Assembly.Options with { ValueFormats = ValueFormats.From([format], new CsvOptions()) };
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Arb.From(moments.NonEmptyListOf()), list =>
        {
            var values = list.Take(4).Select(m => new DateTimeOffset(m, TimeSpan.Zero).ToString(format, CultureInfo.InvariantCulture)).ToArray();
            var column = Load(Assembly.Schema(), values, options).Rows.Columns[1];
            Assert.Contains(column.Column.Type, (ColumnType[])[ColumnType.Date, ColumnType.Timestamp, ColumnType.TimestampTz]);
            for (var row = 0; row < values.Length; row++)
                Assert.Equal(values[row], Moment(column, row).ToString(format, CultureInfo.InvariantCulture));
        }));
    }

    private static Gen<string> Time(string[] times, string[] zones) =>
        from day in Gen.Elements("2024-02-29", "1582-10-10", "0001-01-01", "9999-12-31", "2024-03-31")
        from time in Gen.Elements(times)
        from zone in Gen.Elements(zones)
        select day + time + zone;

    private static AssembledBatch Load(FeedSchema schema, string[] values, RowAssemblerOptions options)
    {
        var csv = "n;v\n" + string.Concat(values.Select((v, i) => Line(i, v) + "\n"));
        return new RowAssembler(schema, options).Read(Assembly.Csv(csv, new CsvOptions { Separator = ";", NullValues = ["NULL"] })).GetAwaiter().GetResult();
    }

    private static string Line(int number, string value) => string.Create(CultureInfo.InvariantCulture, $"{number};") + (value.StartsWith('"') ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value);

    private static void AssertSame(string written, ColumnVector column, int row)
    {
        if (written is "" or "NULL")
        {
            Assert.True(column.IsNull(row));
            return;
        }

        Assert.False(column.IsNull(row), written);
        switch (column.Column.Type)
        {
            case ColumnType.Text or ColumnType.Json:
                Assert.Equal(written, Encoding.UTF8.GetString(((Utf8Vector)column)[row]));
                break;
            case ColumnType.Boolean:
                Assert.Equal(written.ToLowerInvariant(), ((FixedVector<bool>)column)[row] ? "true" : "false");
                break;
            case ColumnType.BigInt:
                Assert.Equal(written, ((FixedVector<long>)column)[row].ToString(CultureInfo.InvariantCulture));
                break;
            case ColumnType.Decimal:
                AssertSameNumber(written, Scaled(((FixedVector<Int128>)column)[row], column.Column.Scale));
                break;
            case ColumnType.Double:
                AssertSameNumber(written, ((FixedVector<double>)column)[row].ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                // Times as .NET reads them; it takes less than we do, but not otherwise.
                var isZoned = written.IndexOfAny(['Z', '+']) > 0 || written.LastIndexOf('-') > 7;
                Assert.Equal(isZoned, column.Column.Type == ColumnType.TimestampTz);
                Assert.Equal(written.Contains(':', StringComparison.Ordinal), column.Column.Type != ColumnType.Date);
                Assert.Equal(DateTimeOffset.Parse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), Moment(column, row));
                break;
        }
    }

    private static DateTimeOffset Moment(ColumnVector column, int row) => column.Column.Type == ColumnType.Date
        ? new DateTimeOffset(DateTime.UnixEpoch.AddDays(((FixedVector<int>)column)[row]))
        : DateTimeOffset.UnixEpoch.AddTicks(((FixedVector<long>)column)[row] * 10);

    private static string Scaled(Int128 value, int scale)
    {
        var digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (value < 0 ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : "");
    }

    // Both are written plainly, without plus, leading zeros and the like, and are the same number to the last digit.
    private static void AssertSameNumber(string written, string stored)
    {
        Assert.Matches(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", written);
        Assert.Equal(Normal(written), Normal(stored));
    }

    // All digits without zeros on either side, and the power of ten of the last.
    private static (bool Negative, BigInteger Digits, int Exponent) Normal(string text)
    {
        var parts = text.TrimStart('-').Split('e', 'E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : parts[0].Length - point - 1;
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        while (!digits.IsZero && (digits % 10).IsZero)
            (digits, exponent) = (digits / 10, exponent + 1);
        return (text[0] == '-' && !digits.IsZero, digits, digits.IsZero ? 0 : exponent);
    }
}
