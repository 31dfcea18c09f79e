using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Rows;

/// <summary>Values of databases, which come as text.</summary>
public sealed class CellValueTests
{
    public static TheoryData<string, ColumnType, object> Values => new()
    {
        { "t", ColumnType.Boolean, true },
        { "false", ColumnType.Boolean, false },
        { "0", ColumnType.Boolean, false },
        { "2", ColumnType.Boolean, "2" },
        { "-9223372036854775808", ColumnType.BigInt, long.MinValue },
        { "9223372036854775808", ColumnType.BigInt, 9223372036854775808m },
        { "1.50", ColumnType.Decimal, 1.50m },
        { "-0.0000000000000000000000000001", ColumnType.Decimal, "-0.0000000000000000000000000001" },
        { "99999999999999999999999999999999999999", ColumnType.Decimal, "99999999999999999999999999999999999999" },
        { "NaN", ColumnType.Decimal, "NaN" },
        { "1e-7", ColumnType.Double, 1e-7 },
        { "Infinity", ColumnType.Double, double.PositiveInfinity },
        { "2026-01-02", ColumnType.Date, new DateOnly(2026, 1, 2) },
        { "infinity", ColumnType.Date, "infinity" },
        { "0044-03-15 BC", ColumnType.Date, "0044-03-15 BC" },
        { "2026-01-02 03:04:05", ColumnType.Timestamp, new DateTime(2026, 1, 2, 3, 4, 5) },
        { "2026-01-02T03:04:05.123456", ColumnType.Timestamp, new DateTime(2026, 1, 2, 3, 4, 5, 123, 456) },
        { "2026-01-02 03:04:05+00", ColumnType.TimestampTz, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) },
        { "2026-01-02 03:04:05.5+05:30", ColumnType.TimestampTz, new DateTimeOffset(2026, 1, 1, 21, 34, 5, 500, TimeSpan.Zero) },
        { "2026-01-02T03:04:05.000000Z", ColumnType.TimestampTz, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) },
        { "-infinity", ColumnType.TimestampTz, "-infinity" },
        { "{\"a\": 1}", ColumnType.Json, "{\"a\": 1}" },
        { "", ColumnType.Text, "" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_text_becomes_the_value_or_stays_a_text(string text, ColumnType type, object value)
    {
        var parsed = CellValue.Parse(text, type);
        Assert.Equal(value, parsed);
        Assert.IsType(value.GetType(), parsed);
        if (parsed is DateTimeOffset time)
            Assert.Equal(TimeSpan.Zero, time.Offset);
        if (parsed is DateTime local)
            Assert.Equal(DateTimeKind.Unspecified, local.Kind);
    }
}
