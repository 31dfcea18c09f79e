using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Values as the SQL API writes them.</summary>
public sealed class SnowflakeValueTests
{
    public static TheoryData<string, string, object> Values => new()
    {
        { "true", "BOOLEAN", true },
        { "42", "NUMBER(38,0)", 42L },
        { "12345678901234567890", "NUMBER(38,0)", 12345678901234567890m },
        { "1.50", "NUMBER(38,2)", 1.50m },
        { "0.1", "FLOAT", 0.1 },
        { "18262", "DATE", new DateOnly(2020, 1, 1) },
        { "-1", "DATE", new DateOnly(1969, 12, 31) },
        { "99999999", "DATE", "99999999" },
        { "1616173619.000000001", "TIMESTAMP_NTZ", new DateTime(2021, 3, 19, 17, 6, 59) },
        { "-0.500000000", "TIMESTAMP_NTZ(3)", new DateTime(1969, 12, 31, 23, 59, 59, 500) },
        { "1616173619.123456700", "TIMESTAMP_LTZ", new DateTimeOffset(2021, 3, 19, 17, 6, 59, TimeSpan.Zero).AddTicks(1234567) },
        { "1616173619.000000000 960", "TIMESTAMP_TZ", new DateTimeOffset(2021, 3, 19, 17, 6, 59, TimeSpan.Zero) },
        { "1616173619.000000000", "TIMESTAMP_TZ", "1616173619.000000000" },
        { "9999999999999.0", "TIMESTAMP_NTZ", "9999999999999.0" },
        { "{\"a\":1}", "VARIANT", "{\"a\":1}" },
        { "007", "VARCHAR(16)", "007" },
        { "00:00:01.5", "TIME", "00:00:01.5" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_text_becomes_the_value(string text, string type, object value)
    {
        var read = SnowflakeValue.Read(text, type, known: null);
        Assert.Equal(value, read);
        Assert.IsType(value.GetType(), read);
    }

    [Fact]
    public void A_decimal_of_the_feed_stays_one_without_digits_after_the_point()
        => Assert.Equal(42m, Assert.IsType<decimal>(SnowflakeValue.Read("42", "NUMBER(38,0)", new FeedColumn("n", "n", ColumnType.Decimal))));
}
