using System.Globalization;
using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Partition values as text, and rows divided by them.</summary>
public sealed class PartitionTests
{
    public static TheoryData<ColumnType, int, string> Texts => new()
    {
        { ColumnType.BigInt, 0, "-9223372036854775808" },
        { ColumnType.Boolean, 0, "true" },
        { ColumnType.Boolean, 0, "false" },
        { ColumnType.Decimal, 0, "-7" },
        { ColumnType.Decimal, 2, "-0.05" },
        { ColumnType.Decimal, 2, "0.00" },
        { ColumnType.Decimal, 10, "9999999999999999999999999999.9999999999" },
        { ColumnType.Date, 0, "0001-01-01" },
        { ColumnType.Date, 0, "9999-12-31" },
        { ColumnType.Text, 0, "a/b=c \U0001F600" },
    };

    public static TheoryData<string, string, int, int, int> Days => new()
    {
        { "1969-12-31T23:59:59.999999Z", "1969-12-31", 1969, 12, 31 },
        { "1970-01-01T00:00:00.000000Z", "1970-01-01", 1970, 1, 1 },
        { "0001-01-01T00:00:00.000000Z", "0001-01-01", 1, 1, 1 },
        { "2299-12-31T23:59:59.999999Z", "2299-12-31", 2299, 12, 31 },
        { "9999-12-31T23:59:59.999999Z", "9999-12-31", 9999, 12, 31 },
        { "2024-02-29T12:00:00.000000Z", "2024-02-29", 2024, 2, 29 },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_value_comes_back_from_its_text(ColumnType type, int scale, string text)
    {
        var vector = ColumnVector.Create(new FeedColumn("c", "c", type, scale));
        PartitionText.Append(vector, text);
        PartitionText.Append(vector, null);

        Assert.Equal(text, PartitionText.Write(new PartitionField("c"), vector, 0));
        Assert.Null(PartitionText.Write(new PartitionField("c"), vector, 1));
    }

    [Theory]
    [MemberData(nameof(Days))]
    public void Parts_of_a_time_are_those_of_its_day(string time, string date, int year, int month, int day)
    {
        var vector = new FixedVector<long>(new FeedColumn("c", "c", ColumnType.TimestampTz));
        vector.Append((DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

        Assert.Equal(
            [date, $"{year}", $"{month}", $"{day}"],
            ((PartitionPart[])[PartitionPart.Date, PartitionPart.Year, PartitionPart.Month, PartitionPart.Day])
                .Select(p => PartitionText.Write(new PartitionField("c", p), vector, 0)));
    }

    [Fact]
    public void Rows_are_divided_by_all_fields_and_keep_their_order()
    {
        string?[] some = ["a", "b", null, "", "-;", "a\0vb", "1;a"];
        var random = new Random(4);
        var rows = Enumerable.Range(0, 500)
            .Select(i => (Number: (long)i, One: some[random.Next(some.Length)], Other: some[random.Next(some.Length)])).ToList();
        // Both would be one, if values were joined by a separator.
        rows.AddRange([(500, "a\0vb", "c"), (501, "a", "b\0vc")]);
        ColumnVector[] columns =
            [Column("one", rows.Select(r => r.One)), Numbers(rows.Select(r => r.Number)), Column("other", rows.Select(r => r.Other))];
        var split = new PartitionSplit([new PartitionField("one"), new PartitionField("other")], new LoadTarget(Guid.NewGuid(), "orders", "orders"));
        split.Use([.. columns.Select(c => c.Column)]);
        Assert.Equal([1], split.FindWritten(3));

        var seen = new List<long>();
        foreach (var partition in split.Split(columns, rows.Count, new RowOrigin(3, 1000)))
        {
            var last = -1L;
            for (var i = 0; i < partition.Count; i++)
            {
                var number = ((FixedVector<long>)partition.Columns[1])[i];
                Assert.True(number > last);
                last = number;
                Assert.Equal(new RowOrigin(3, 1000 + number), partition.OriginOf(i));
                Assert.Equal(
                    [Known(rows[(int)number].One), Known(rows[(int)number].Other)], partition.Partition.Values.Select(v => v.Value));
                seen.Add(number);
            }
        }
        Assert.Equal(rows.Select(r => r.Number), seen.Order());

        static string? Known(string? text) => text is null or "" ? null : text;
    }

    [Fact]
    public void Times_are_divided_by_their_parts_and_a_column_that_the_rows_lack_is_NULL()
    {
        // The last microsecond of 1969, midnight, the same day once more, NULL, a later year, and the first day of the calendar.
        long?[] times = [-1, 0, 86_399_999_999, null, 1_800_000_000_000_000, -62_135_596_800_000_000];
        var vector = new FixedVector<long>(new FeedColumn("at", "", ColumnType.TimestampTz));
        foreach (var time in times)
        {
            if (time is { } value)
                vector.Append(value);
            else
                vector.AppendNull();
        }
        var split = new PartitionSplit(
            [new PartitionField("at", PartitionPart.Date), new PartitionField("at", PartitionPart.Year), new PartitionField("later")],
            new LoadTarget(Guid.NewGuid(), "orders", "orders"));
        split.Use([vector.Column]);

        for (var round = 0; round < 2; round++) // the second time from memory
        {
            var groups = split.Split([vector], times.Length, new RowOrigin(0, 0))
                .Select(g => $"{string.Join('|', g.Partition.Values.Select(v => v.Value ?? "∅"))}: "
                    + string.Join(' ', Enumerable.Range(0, g.Count).Select(i => g.OriginOf(i).Row)));
            Assert.Equal(
                ["1969-12-31|1969|∅: 0", "1970-01-01|1970|∅: 1 2", "∅|∅|∅: 3", "2027-01-15|2027|∅: 4", "0001-01-01|1|∅: 5"], groups);
        }
    }

    private static Utf8Vector Column(string name, IEnumerable<string?> values)
    {
        var vector = new Utf8Vector(new FeedColumn(name, "", ColumnType.Text));
        foreach (var value in values)
        {
            if (value is null)
                vector.AppendNull();
            else
                vector.Append(Encoding.UTF8.GetBytes(value));
        }
        return vector;
    }

    private static FixedVector<long> Numbers(IEnumerable<long> values)
    {
        var vector = new FixedVector<long>(new FeedColumn("number", "", ColumnType.BigInt));
        foreach (var value in values)
            vector.Append(value);
        return vector;
    }
}
