using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Schemas;

public sealed class SchemaOverrideTests
{
    private static readonly FeedSchema Columns = new(
    [
        new("id", "ID", ColumnType.BigInt, Nullable: false),
        new("price", "Preis", ColumnType.Decimal, 2),
        new("id_2", "id", ColumnType.Text),
        new("at", "At", ColumnType.Date),
    ]);

    [Theory]
    [InlineData("id", "id")]
    [InlineData("ID", "id")]
    [InlineData("id_2", "id_2")]
    [InlineData("Preis", "price")]
    [InlineData("PRICE", "price")]
    [InlineData("PREIS", "price")]
    public void A_column_is_found_by_its_name_or_else_by_its_field(string key, string column)
    {
        var changed = Columns.WithOverrides(new Dictionary<string, string> { [key] = "json" });
        var json = Assert.Single(changed.Columns, c => c.Type == ColumnType.Json);
        Assert.Equal(Columns.Find(column)! with { Type = ColumnType.Json, Scale = 0 }, json);
    }

    [Fact]
    public void Types_are_changed_and_all_else_stays()
    {
        var changed = Columns.WithOverrides(new Dictionary<string, string> { ["at"] = "Timestamp", ["id"] = "decimal(38, 4)" });
        Assert.Equal(
            [Columns.Columns[0] with { Type = ColumnType.Decimal, Scale = 4 }, Columns.Columns[1], Columns.Columns[2], Columns.Columns[3] with { Type = ColumnType.Timestamp }],
            changed.Columns);
        Assert.Equal(Columns, Columns.WithOverrides(new Dictionary<string, string>()));
    }

    [Fact]
    public void Where_a_column_is_named_twice_its_name_goes_first()
    {
        foreach (var keys in (string[][])[["Preis", "price"], ["price", "Preis"]])
            Assert.Equal(ColumnType.Text, Columns.WithOverrides(keys.ToDictionary(k => k, k => k == "price" ? "text" : "double")).Find("price")!.Type);
    }

    [Fact]
    public void What_is_not_there_is_named_with_what_is()
    {
        var column = Assert.Throws<FeedException>(() => Columns.WithOverrides(new Dictionary<string, string> { ["prize"] = "text" }));
        Assert.Equal(("ColumnUnknown", "prize", "The columns are id, price, id_2, at."), (column.Id, column.Target, column.Hint));
        var type = Assert.Throws<FeedException>(() => Columns.WithOverrides(new Dictionary<string, string> { ["Preis"] = "money" }));
        Assert.Equal(("ColumnTypeUnknown", "price"), (type.Id, type.Target));
        Assert.Contains("\"money\"", type.Message, StringComparison.Ordinal);
        Assert.Contains(ColumnTypes.All, type.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", ColumnType.Text, 0)]
    [InlineData(" TimestampTZ ", ColumnType.TimestampTz, 0)]
    [InlineData("DECIMAL(38,0)", ColumnType.Decimal, 0)]
    [InlineData("decimal( 38 , 38 )", ColumnType.Decimal, 38)]
    public void A_type_is_read_from_its_name(string text, ColumnType type, int scale) => Assert.Equal((type, scale), ColumnTypes.Parse(text));

    [Theory]
    [InlineData("decimal")]
    [InlineData("decimal(2)")]
    [InlineData("decimal(38,39)")]
    [InlineData("decimal(10,2)")]
    [InlineData("3")]
    [InlineData("")]
    public void Anything_else_is_no_type(string text) => Assert.Equal("ColumnTypeUnknown", Assert.Throws<FeedException>(() => ColumnTypes.Parse(text)).Id);

    [Fact]
    public void What_a_column_calls_its_type_is_read_back()
    {
        foreach (var type in Enum.GetValues<ColumnType>())
        {
            var column = new FeedColumn("c", "c", type, type == ColumnType.Decimal ? 7 : 0);
            Assert.Equal((type, column.Scale), ColumnTypes.Parse(column.TypeName));
        }
    }
}
