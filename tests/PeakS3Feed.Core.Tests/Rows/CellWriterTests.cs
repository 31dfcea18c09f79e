using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Cells;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Rows;

public class CellWriterTests
{
    [Theory]
    [InlineData(ColumnType.Text, FieldKind.Unquoted, "", "∅")]
    [InlineData(ColumnType.Text, FieldKind.Quoted, "", "")]
    [InlineData(ColumnType.Text, FieldKind.JsonString, "", "")]
    [InlineData(ColumnType.Text, FieldKind.Null, "\\N", "∅")]
    [InlineData(ColumnType.Text, FieldKind.Missing, "", "∅")]
    [InlineData(ColumnType.Text, FieldKind.JsonNumber, "1.50e2", "1.50e2")]
    [InlineData(ColumnType.Text, FieldKind.JsonNested, "{\"a\": 1}", "{\"a\": 1}")]
    [InlineData(ColumnType.Text, FieldKind.Unquoted, "a\0b", "a\0b")]
    [InlineData(ColumnType.BigInt, FieldKind.Unquoted, "", "∅")]
    [InlineData(ColumnType.BigInt, FieldKind.Quoted, "", "∅")]
    [InlineData(ColumnType.BigInt, FieldKind.Quoted, "12", "12")]
    [InlineData(ColumnType.BigInt, FieldKind.JsonNumber, "12", "12")]
    [InlineData(ColumnType.BigInt, FieldKind.JsonString, "12", "!the JSON string \"12\" is not a bigint")]
    [InlineData(ColumnType.BigInt, FieldKind.JsonString, "", "!the JSON string \"\" is not a bigint")]
    [InlineData(ColumnType.BigInt, FieldKind.JsonBoolean, "true", "!the JSON value true is not a bigint")]
    [InlineData(ColumnType.BigInt, FieldKind.JsonNested, "[1]", "!the nested JSON value [1] is not a bigint")]
    [InlineData(ColumnType.BigInt, FieldKind.Unquoted, "abc", "!\"abc\" is not a bigint")]
    [InlineData(ColumnType.BigInt, FieldKind.Unquoted, "a\nb\u001b", "!\"a\\u000ab\\u001b\" is not a bigint")]
    [InlineData(ColumnType.Decimal, FieldKind.Unquoted, "1.5", "150")]
    [InlineData(ColumnType.Decimal, FieldKind.Unquoted, "1.555", "!\"1.555\" is not a decimal(38,2)")]
    [InlineData(ColumnType.Double, FieldKind.JsonNumber, "1e3", "1000")]
    [InlineData(ColumnType.Boolean, FieldKind.Unquoted, "TRUE", "true")]
    [InlineData(ColumnType.Boolean, FieldKind.JsonBoolean, "false", "false")]
    [InlineData(ColumnType.Boolean, FieldKind.JsonString, "true", "!the JSON string \"true\" is not a boolean")]
    [InlineData(ColumnType.Boolean, FieldKind.JsonNumber, "1", "!the JSON number 1 is not a boolean")]
    [InlineData(ColumnType.Date, FieldKind.JsonString, "1970-01-02", "1")]
    [InlineData(ColumnType.Date, FieldKind.JsonNumber, "19700102", "!the JSON number 19700102 is not a date")]
    [InlineData(ColumnType.Timestamp, FieldKind.Unquoted, "1970-01-01T00:00:01", "1000000")]
    [InlineData(ColumnType.Timestamp, FieldKind.Unquoted, "1970-01-01T00:00:01Z", "!\"1970-01-01T00:00:01Z\" is not a timestamp")]
    [InlineData(ColumnType.TimestampTz, FieldKind.Unquoted, "1970-01-01T01:00:01+01", "1000000")]
    [InlineData(ColumnType.Json, FieldKind.JsonNested, "{\"a\": [1]}", "{\"a\": [1]}")]
    [InlineData(ColumnType.Json, FieldKind.JsonNumber, "1.50", "1.50")]
    [InlineData(ColumnType.Json, FieldKind.JsonString, "a\"é", "\"a\\\"é\"")]
    [InlineData(ColumnType.Json, FieldKind.Quoted, "{\"a\":1}", "{\"a\":1}")]
    [InlineData(ColumnType.Json, FieldKind.Quoted, "", "∅")]
    [InlineData(ColumnType.Json, FieldKind.Unquoted, "{a:1}", "!\"{a:1}\" is not json")]
    [InlineData(ColumnType.Json, FieldKind.Unquoted, "1 2", "!\"1 2\" is not json")]
    public void A_value_fits_or_the_reason_is_said(ColumnType type, FieldKind kind, string value, string expected)
        => Assert.Equal(expected, Write(Assembly.Column("c", type, 2), value, kind));

    [Theory]
    [InlineData(ColumnType.Text)]
    [InlineData(ColumnType.BigInt)]
    [InlineData(ColumnType.Json)]
    public void NULL_is_refused_by_keys_and_columns_that_forbid_it(ColumnType type)
    {
        Assert.Equal("!NULL in a column of the primary key", Write(Assembly.Column("c", type), "", FieldKind.Unquoted, isKey: true));
        Assert.Equal("!NULL in a column that does not allow it", Write(Assembly.Column("c", type, nullable: false), "", FieldKind.Missing));
    }

    [Theory]
    [InlineData("a\0b", "!\"a\\u0000b\" contains the character U+0000, which the destination cannot store")]
    [InlineData("abcde", "!the text has 5 bytes, more than the 4 that the destination can store")]
    [InlineData("abé", "abé")]
    public void What_the_destination_refuses_is_refused_before(string value, string expected)
        => Assert.Equal(expected, Write(Assembly.Column("c", ColumnType.Text), value, FieldKind.Unquoted, limits: new ValueLimits { AllowNul = false, MaxTextBytes = 4 }));

    [Fact]
    public void Reasons_show_80_characters_of_a_value()
        => Assert.Equal($"!\"{new string('é', 80)}…\" is not a bigint", Write(Assembly.Column("c", ColumnType.BigInt), new string('é', 5_000), FieldKind.Unquoted));

    private static string Write(FeedColumn column, string value, FieldKind kind, bool isKey = false, ValueLimits? limits = null)
    {
        var batch = new RowBatch(Assembly.Schema(column));
        var writer = CellWriter.Create(column, isKey, limits ?? new ValueLimits(), ValueFormats.Default);
        writer.Bind(batch.Columns[0]);
        var reason = writer.Append(Encoding.UTF8.GetBytes(value), kind);
        Assert.Equal(reason is null ? 1 : 0, batch.Columns[0].Count);
        if (reason is not null)
            return "!" + reason;
        batch.CompleteRow();
        return new AssembledBatch(batch, [], 1, false).Text()[0];
    }
}
