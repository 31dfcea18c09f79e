using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Json;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Tests.Formats;
using static PeakS3Feed.Tests.Rows.Assembly;

namespace PeakS3Feed.Tests.Rows;

/// <summary>From JSON to typed rows and rejects.</summary>
public sealed class JsonRowTests
{
    private static readonly FeedSchema Orders = Schema(
        Column("id", ColumnType.BigInt),
        Column("name", ColumnType.Text),
        Column("price", ColumnType.Decimal, scale: 2),
        Column("day", ColumnType.Date),
        Column("paid", ColumnType.Boolean),
        Column("tags", ColumnType.Json));

    [Theory]
    [InlineData("""{"id":1,"name":"Ann","price":1.5,"day":"2026-01-02","paid":true,"tags":[1, {"a":2}]}""", """1|Ann|150|20455|true|[1, {"a":2}]""")]
    [InlineData("""{"tags":null,"paid":null,"day":null,"price":null,"name":null,"id":null}""", "∅|∅|∅|∅|∅|∅")]
    [InlineData("{}", "∅|∅|∅|∅|∅|∅")]
    [InlineData("""{"name":""}""", "∅||∅|∅|∅|∅")]
    [InlineData("""{"name":0.10,"tags":0.10}""", "∅|0.10|∅|∅|∅|0.10")]
    [InlineData("""{"name":1E400,"tags":"x\u0022y"}""", "∅|1E400|∅|∅|∅|\"x\\\"y\"")]
    [InlineData("""{"name":true,"tags":false}""", "∅|true|∅|∅|∅|false")]
    [InlineData("""{"name":{"a": 1},"tags":"\ud83d\ude00"}""", "∅|{\"a\": 1}|∅|∅|∅|\"\\uD83D\\uDE00\"")]
    [InlineData("""{"id":9223372036854775807,"price":-99999999999999999999999999999.99}""", "9223372036854775807|∅|-9999999999999999999999999999999|∅|∅|∅")]
    public async Task Values_are_what_they_are(string row, string expected)
    {
        var options = Options with { NewFields = NewFieldAction.Ignore };
        foreach (var type in new[] { FileType.Ndjson, FileType.Json })
        {
            // A row with a known field stands before, for a file without one is an error.
            var text = type == FileType.Json ? $"[{{\"id\":0}},{row}]" : $"{{\"id\":0}}\n{row}\n";
            var batch = await new RowAssembler(Orders, options).Read(Reader(type, text));
            Assert.Empty(batch.Rejects);
            Assert.Equal(expected, batch.Text()[1]);
        }
    }

    [Theory]
    [InlineData("""{"id":"1"}""", "id", "the JSON string \"1\" is not a bigint")]
    [InlineData("""{"id":1.0}""", "id", "the JSON number 1.0 is not a bigint")]
    [InlineData("""{"id":9223372036854775808}""", "id", "the JSON number 9223372036854775808 is not a bigint")]
    [InlineData("""{"id":true}""", "id", "the JSON value true is not a bigint")]
    [InlineData("""{"id":[]}""", "id", "the nested JSON value [] is not a bigint")]
    [InlineData("""{"price":0.001}""", "price", "the JSON number 0.001 is not a decimal(38,2)")]
    [InlineData("""{"price":""}""", "price", "the JSON string \"\" is not a decimal(38,2)")]
    [InlineData("""{"day":20260102}""", "day", "the JSON number 20260102 is not a date")]
    [InlineData("""{"day":""}""", "day", "the JSON string \"\" is not a date")]
    [InlineData("""{"paid":"true"}""", "paid", "the JSON string \"true\" is not a boolean")]
    [InlineData("""{"paid":1}""", "paid", "the JSON number 1 is not a boolean")]
    [InlineData("""{"id":1,"id":2}""", "id", "the row has this field twice")]
    [InlineData("""{"name":"\ud800"}""", "name", "the text contains an escaped lone surrogate, which is not a character")]
    [InlineData("""[1]""", null, "the row is an array, not an object")]
    public async Task A_row_that_does_not_fit_is_a_reject_with_its_place(string row, string? column, string reason)
    {
        foreach (var type in new[] { FileType.Ndjson, FileType.Json })
        {
            var text = type == FileType.Json ? $"[\n{{\"id\":0}},\n  {row} ,\n{{\"id\":9}}]" : $"\n{{\"id\":0}}\n{row}\n{{\"id\":9}}";
            var batch = await new RowAssembler(Orders, Options).Read(Reader(type, text));
            Assert.Equal(["0|∅|∅|∅|∅|∅", "9|∅|∅|∅|∅|∅"], batch.Text());
            var offset = Encoding.UTF8.GetByteCount(text.AsSpan(0, text.IndexOf(row, StringComparison.Ordinal)));
            Assert.Equal(
                new Reject(new SourcePosition(Source.Uri, 3, offset, column), reason, row),
                Assert.Single(batch.Rejects));
            Assert.Equal(3, batch.RowsRead);
        }
    }

    [Fact]
    public async Task A_name_twice_in_a_nested_object_is_a_reject_only_where_the_destination_would_keep_one()
    {
        const string Row = """{"id":1,"tags":{"a":1,"a":2}}""";
        Assert.Equal("""1|∅|∅|∅|∅|{"a":1,"a":2}""", (await new RowAssembler(Orders, Options).Read(Reader(FileType.Ndjson, Row))).Text().Single());
        var byValue = Options with { Limits = new ValueLimits { StoresJsonValues = true } };
        var reject = (await new RowAssembler(Orders, byValue).Read(Reader(FileType.Ndjson, Row))).Rejects.Single();
        Assert.Equal(("tags", "the JSON has a duplicate name in one object, and the destination would keep only one of the values"), (reject.Position.Column, reject.Reason));
    }

    [Fact]
    public async Task A_file_of_which_no_field_is_known_is_an_error_at_its_end()
    {
        var options = Options with { MaxBatchRows = 1 };
        var assembler = new RowAssembler(Orders, options);
        var reader = Reader(FileType.Ndjson, "{\"ID\":1}\n{\"ID\":2,\"x\":1}\n");
        await assembler.Read(reader);
        await assembler.Read(reader);
        var error = await Assert.ThrowsAsync<FeedException>(() => assembler.Read(reader));
        Assert.Equal("NoKnownField", error.Id);
        Assert.Contains("\"ID\", \"x\"", error.Message, StringComparison.Ordinal);
        Assert.Empty(error.Remedies);
    }

    [Theory]
    [InlineData("{}\n{}\n")]
    [InlineData("{\"x\":1}\n{\"id\":1}\n")]
    [InlineData("{\"x\":1,\"x\":2}\n")]
    public async Task Rows_without_fields_and_rejects_do_not_make_it_one(string text)
        => Assert.True((await new RowAssembler(Orders, Options).Read(Reader(FileType.Ndjson, text))).EndOfFile);

    [Theory]
    [InlineData("{\"id\":\"x\",\"extra\":5}\n{\"id\":3}\n", 6)]
    [InlineData("{\"id\":3}\n{\"id\":\"x\",\"extra\":null}\n", 6)]
    [InlineData("{\"id\":\"x\",\"extra\":5}\n{\"id\":3,\"extra\":null}\n", 7)]
    public async Task A_row_that_is_rejected_brings_no_column(string text, int columns)
    {
        var batch = await new RowAssembler(Orders, Options).Read(Reader(FileType.Ndjson, text));
        Assert.Equal(columns, batch.Rows.Schema.Columns.Count);
        Assert.Single(batch.Rejects);
        var strict = new RowAssembler(Orders, Options with { NewFields = NewFieldAction.Fail });
        if (columns == 6)
            Assert.Single((await strict.Read(Reader(FileType.Ndjson, text))).Rejects);
        else
            Assert.Equal(2, (await Assert.ThrowsAsync<FeedException>(() => strict.Read(Reader(FileType.Ndjson, text)))).Position!.Line);
    }

    private static RecordReader Reader(FileType type, string text)
    {
        var input = new InputBuffer(new ChunkedStream(Encoding.UTF8.GetBytes(text), 5), 16);
        return type == FileType.Json ? new JsonArrayReader(input, Source.Uri) : new NdjsonReader(input, Source.Uri);
    }
}
