using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Schemas;

public sealed class PartitionFieldTests
{
    [Theory]
    [InlineData("country", "country", PartitionPart.Value, "country", "country")]
    [InlineData(" country ", "country", PartitionPart.Value, "country", "country")]
    [InlineData("year(ordered_at)", "ordered_at", PartitionPart.Year, "ordered_at_year", "year(ordered_at)")]
    [InlineData(" Month ( ordered_at ) ", "ordered_at", PartitionPart.Month, "ordered_at_month", "month(ordered_at)")]
    [InlineData("DAY(at)", "at", PartitionPart.Day, "at_day", "day(at)")]
    [InlineData("date(at)", "at", PartitionPart.Date, "at_date", "date(at)")]
    [InlineData("year(Order Date (UTC))", "Order Date (UTC)", PartitionPart.Year, "Order Date (UTC)_year", "year(Order Date (UTC))")]
    public void A_column_or_a_part_of_a_date_is_read(string text, string column, PartitionPart part, string name, string written)
    {
        var field = PartitionField.Find(text);
        Assert.Equal(new PartitionField(column, part), field);
        Assert.Equal((name, written), (field!.Name, field.ToString()));
        Assert.Equal(field, PartitionField.Find(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("hour(at)")]
    [InlineData("value(at)")]
    [InlineData("bucket(16, id)")]
    public void A_blank_text_and_an_unknown_part_are_none(string text) => Assert.Null(PartitionField.Find(text));

    [Theory]
    [InlineData("1(at)")]
    [InlineData("year")]
    [InlineData("year(at")]
    [InlineData("year()")]
    public void A_text_without_a_part_is_a_column_whatever_characters_it_has(string text)
        => Assert.Equal(new PartitionField(text), PartitionField.Find(text));

    [Theory]
    [InlineData(ColumnType.Text, "Value")]
    [InlineData(ColumnType.Boolean, "Value")]
    [InlineData(ColumnType.BigInt, "Value")]
    [InlineData(ColumnType.Decimal, "Value")]
    [InlineData(ColumnType.Double, "")]
    [InlineData(ColumnType.Json, "")]
    [InlineData(ColumnType.Date, "Value,Year,Month,Day")]
    [InlineData(ColumnType.Timestamp, "Year,Month,Day,Date")]
    [InlineData(ColumnType.TimestampTz, "Year,Month,Day,Date")]
    public void Each_type_has_its_parts(ColumnType type, string parts)
        => Assert.Equal(parts, string.Join(',', Enum.GetValues<PartitionPart>().Where(p => new PartitionField("c", p).Suits(type))));
}
