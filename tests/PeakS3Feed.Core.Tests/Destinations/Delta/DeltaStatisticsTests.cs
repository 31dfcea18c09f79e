using System.Text;
using System.Text.Json;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>The statistics of files: what is written, and what is read of other engines' statistics.</summary>
public sealed class DeltaStatisticsTests
{
    private static readonly FeedColumn Id = new("id", "id", ColumnType.BigInt);
    private static readonly FeedColumn Price = new("price", "price", ColumnType.Decimal, 2);
    private static readonly FeedColumn Ratio = new("ratio", "ratio", ColumnType.Double);
    private static readonly FeedColumn Day = new("day", "day", ColumnType.Date);
    private static readonly FeedColumn Local = new("local", "local", ColumnType.Timestamp);
    private static readonly FeedColumn At = new("at", "at", ColumnType.TimestampTz);
    private static readonly FeedColumn Text = new("text", "text", ColumnType.Text);
    private static readonly FeedColumn Flag = new("flag", "flag", ColumnType.Boolean);
    private static readonly FeedColumn Json = new("json", "json", ColumnType.Json);

    [Fact]
    public void All_types_are_written_as_the_protocol_says()
    {
        var text = DeltaStatistics.Write(12,
        [
            Whole(Id, long.MinValue, long.MaxValue), Whole(Price, -5, Int128.Parse("99999999999999999999999999999999999999", null)), Real(Ratio, -0.0, 1e300),
            Whole(Day, -719162, 2932896), Whole(Local, -1, 1), Whole(At, 1_700_000_000_123_456, 1_700_000_000_123_456),
            new(Text, 3, ParquetBound.From("a\"ö"u8), ParquetBound.From("\U0001F600"u8)), Whole(Flag, 0, 1),
            new(Json, 0, ParquetBound.From("{}"u8), ParquetBound.From("{}"u8)),
        ]);

        Assert.Equal(
            "{\"numRecords\":12,"
            + "\"minValues\":{\"id\":-9223372036854775808,\"price\":-0.05,\"ratio\":-0,\"day\":\"0001-01-01\",\"local\":\"1969-12-31T23:59:59.999\","
            + "\"at\":\"2023-11-14T22:13:20.123Z\",\"text\":\"a\\\"ö\"},"
            + "\"maxValues\":{\"id\":9223372036854775807,\"price\":999999999999999999999999999999999999.99,\"ratio\":1E+300,\"day\":\"9999-12-31\","
            + "\"local\":\"1970-01-01T00:00:00.001\",\"at\":\"2023-11-14T22:13:20.124Z\",\"text\":\"\\uD83D\\uDE00\"},"
            + "\"nullCount\":{\"id\":1,\"price\":1,\"ratio\":1,\"day\":1,\"local\":1,\"at\":1,\"text\":3,\"flag\":1,\"json\":0}}",
            text);
        using var json = JsonDocument.Parse(text);
        Assert.Equal("\U0001F600", json.RootElement.GetProperty("maxValues").GetProperty("text").GetString());
    }

    [Fact]
    public void A_bound_that_JSON_cannot_hold_is_left_out()
    {
        var max = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var text = DeltaStatistics.Write(2,
        [
            Real(Ratio, double.NegativeInfinity, double.PositiveInfinity), Whole(Local, 0, max), new(Text, 2, null, null),
            new(Id, 0, ParquetBound.From((Int128)1), null),
        ]);
        Assert.Equal(
            """{"numRecords":2,"minValues":{"local":"1970-01-01T00:00:00.000","id":1},"maxValues":{},"nullCount":{"ratio":1,"local":1,"text":2,"id":0}}""",
            text);
    }

    [Fact]
    public void What_is_written_is_read_back_with_bounds_that_hold()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var (a, b) = (random.NextInt64(-62135596800000000, 253402300799000000), random.NextInt64(-62135596800000000, 253402300799000000));
            var (low, high) = (Math.Min(a, b), Math.Max(a, b));
            var digits = (Int128)random.NextInt64() * random.NextInt64() / 3;
            var real = BitConverter.Int64BitsToDouble(random.NextInt64());
            real = double.IsFinite(real) ? real : 0;
            IReadOnlyList<ParquetStatistics> written =
            [
                Whole(Id, low, high), Whole(Price, -digits, digits), Real(Ratio, -Math.Abs(real), Math.Abs(real)), Whole(Local, low, high), Whole(At, low, high),
                Whole(Day, low / 86_400_000_000, high / 86_400_000_000), new(Text, 1, ParquetBound.From(Encoding.UTF8.GetBytes($"ä{a}")), ParquetBound.From(Encoding.UTF8.GetBytes($"ß{b}"))),
            ];
            var read = DeltaStatistics.Read(DeltaStatistics.Write(5, written), [.. written.Select(w => w.Column)]);
            Assert.Equal(5, read.Rows);
            foreach (var (w, r) in written.Zip(read.Columns))
            {
                Assert.Equal(1, r.Nulls);
                Assert.True(r.Min!.Value.CompareTo(w.Min!.Value, w.Column.Type) <= 0, $"{w.Name}: the minimum of {i}");
                Assert.True(r.Max!.Value.CompareTo(w.Max!.Value, w.Column.Type) >= 0, $"{w.Name}: the maximum of {i}");
                var isTime = w.Column.Type is ColumnType.Timestamp or ColumnType.TimestampTz;
                Assert.True(isTime || r.Min.Value.CompareTo(w.Min.Value, w.Column.Type) == 0);
                Assert.True(!isTime || (r.Max.Value.Integer - w.Max.Value.Integer < 2000 && w.Min.Value.Integer - r.Min.Value.Integer < 1000));
            }
        }
    }

    [Theory]
    [InlineData("12.34", 2, 1234L, 1234L)]
    [InlineData("12.341", 2, 1234L, 1235L)]
    [InlineData("-12.341", 2, -1235L, -1234L)]
    [InlineData("-0.001", 2, -1L, 0L)]
    [InlineData("0.001", 2, 0L, 1L)]
    [InlineData("1E3", 2, 100000L, 100000L)]
    [InlineData("1.5e-1", 2, 15L, 15L)]
    [InlineData("15e-4", 2, 0L, 1L)]
    [InlineData("0e999", 2, 0L, 0L)]
    [InlineData("7", 0, 7L, 7L)]
    [InlineData("1e-999", 2, 0L, 1L)]
    public void Decimals_of_other_engines_are_rounded_outwards(string number, int scale, long down, long up)
    {
        Assert.Equal((Int128)down, DeltaDecimal.Read(number, scale, up: false));
        Assert.Equal((Int128)up, DeltaDecimal.Read(number, scale, up: true));
    }

    [Theory]
    [InlineData("1e99")]
    [InlineData("999999999999999999999999999999999999999")]
    [InlineData("1e99999999999")]
    public void Decimals_that_are_too_large_are_unknown(string number) => Assert.Null(DeltaDecimal.Read(number, 2, up: true));

    [Fact]
    public void Statistics_of_Spark_are_read()
    {
        const string Spark = """
            {"numRecords":3,"minValues":{"id":1,"price":1.5,"ratio":"NaN","day":"2024-02-29","local":"2024-02-29T10:00:00.123","at":"2024-02-29T10:00:00.123-08:00","text":"a","s":{"x":1}},
             "maxValues":{"id":9,"price":2,"ratio":1.0E10,"day":"2024-03-01","local":"2024-02-29T10:00:00.123","at":"2024-02-29T18:00:00.123Z","text":"b"},"nullCount":{"id":0,"s":{"x":0}},"tightBounds":true}
            """;
        var read = DeltaStatistics.Read(Spark, [Id, Price, Ratio, Day, Local, At, Text, Flag]).Columns;
        Assert.Equal(((Int128)1, (Int128)9, 0L), (read[0].Min!.Value.Integer, read[0].Max!.Value.Integer, read[0].Nulls!.Value));
        Assert.Equal(((Int128)150, (Int128)200), (read[1].Min!.Value.Integer, read[1].Max!.Value.Integer));
        Assert.Null(read[2].Min);
        Assert.Equal(1e10, read[2].Max!.Value.Real);
        Assert.Equal((Int128)(new DateOnly(2024, 2, 29).DayNumber - new DateOnly(1970, 1, 1).DayNumber), read[3].Min!.Value.Integer);
        // Cut to milliseconds by Spark: the maximum may be almost one more.
        var micros = (Int128)((new DateTime(2024, 2, 29, 10, 0, 0, 123) - DateTime.UnixEpoch).Ticks / 10);
        Assert.Equal((micros, micros + 999), (read[4].Min!.Value.Integer, read[4].Max!.Value.Integer));
        Assert.Equal((micros + 28_800_000_000, micros + 28_800_000_999), (read[5].Min!.Value.Integer, read[5].Max!.Value.Integer));
        Assert.Equal(("a", "b"), (Encoding.UTF8.GetString(read[6].Min!.Value.Utf8.Span), Encoding.UTF8.GetString(read[6].Max!.Value.Utf8.Span)));
        Assert.Equal(default, read[7]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"numRecords":"3","minValues":[1],"maxValues":{"id":"9"},"nullCount":{"id":"0"}}""")]
    [InlineData("""{"minValues":{"id":1.5},"maxValues":{"id":99999999999999999999}}""")]
    public void What_is_no_statistics_is_unknown(string? stats)
    {
        var read = DeltaStatistics.Read(stats, [Id]);
        Assert.Null(read.Rows);
        Assert.Equal([default], read.Columns);
    }

    private static ParquetStatistics Whole(FeedColumn column, Int128 min, Int128 max) => new(column, 1, ParquetBound.From(min), ParquetBound.From(max));

    private static ParquetStatistics Real(FeedColumn column, double min, double max) => new(column, 1, ParquetBound.From(min), ParquetBound.From(max));
}
