using System.Text.Json;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Schemas;

public sealed class SchemaJsonTests
{
    private static readonly FeedSchema Columns = new(
    [
        new("id", "id", ColumnType.BigInt, Nullable: false),
        new("preis_in", "Preis in €+", ColumnType.Decimal, 2),
        new("at", "At", ColumnType.TimestampTz),
    ]);

    // Ledgers have been written like this: a load finds its table's columns by it, and a TruncateInsert's signature hashes it.
    private const string Written =
        """[{"name":"id","field":"id","type":"bigint","nullable":false},{"name":"preis_in","field":"Preis in \u20AC\u002B","type":"decimal(38,2)"},{"name":"at","field":"At","type":"timestamptz"}]""";

    [Fact]
    public void The_ledgers_text_is_what_it_always_was() => Assert.Equal(Written, SchemaJson.Write(Columns));

    [Fact]
    public void A_schema_comes_back_as_it_was()
    {
        Assert.Equal(Columns, SchemaJson.Read(Written));
        Assert.Equal("[]", SchemaJson.Write(new FeedSchema([])));
        Assert.Empty(SchemaJson.Read("[]").Columns);
    }

    [Fact]
    public void Which_fields_every_file_had_comes_back_and_is_unknown_in_older_ledgers()
    {
        var schema = new FeedSchema([new("a", "a", ColumnType.Text) { InEveryFile = true }, new("b", "b", ColumnType.Text) { InEveryFile = false }]);
        var text = SchemaJson.Write(schema);
        Assert.Equal("""[{"name":"a","field":"a","type":"text","inEveryFile":true},{"name":"b","field":"b","type":"text","inEveryFile":false}]""", text);
        Assert.Equal(schema, SchemaJson.Read(text));
        Assert.All(SchemaJson.Read(Written).Columns, c => Assert.Null(c.InEveryFile));
    }

    [Fact]
    public void A_type_of_a_later_version_is_named()
        => Assert.Contains("\"interval\"", Assert.Throws<FormatException>(() => SchemaJson.Read("""[{"name":"a","field":"a","type":"interval"}]""")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"name":""}]""")]
    [InlineData("""[{"name":7}]""")]
    [InlineData("""[{"name":"a","type":true}]""")]
    [InlineData("""[{"name":"a","field":[]}]""")]
    [InlineData("""[{"name":"a","nullable":"no"}]""")]
    [InlineData("""[{"name":"a","inEveryFile":0}]""")]
    public void Anything_but_a_list_of_named_columns_is_refused(string text)
        => Assert.ThrowsAny<JsonException>(() => SchemaJson.Read(text));

    [Fact]
    public void Members_that_are_null_missing_or_not_known_have_their_defaults()
        => Assert.Equal(
            new FeedSchema([new("a", "a", ColumnType.Text)]),
            SchemaJson.Read("""[{"other":{},"nullable":null,"field":null,"type":null,"inEveryFile":null,"name":"a"}]"""));
}
