using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using static PeakS3Feed.Tests.Rows.Assembly;

namespace PeakS3Feed.Tests.Rows;

public class RowAssemblerTests
{
    private static readonly FeedSchema Orders = Schema(Column("id", ColumnType.BigInt), Column("name", ColumnType.Text));

    [Fact]
    public async Task Fields_bind_by_name_and_missing_ones_are_NULL()
    {
        Assert.Equal(["1|a", "∅|"], (await Read(Orders, "name,id\na,1\n\"\",\n")).Text());
        Assert.Equal(["1|∅"], (await Read(Orders, "id\n1\n")).Text());
    }

    [Fact]
    public async Task Without_a_header_fields_bind_by_position()
    {
        var schema = Schema(new FeedColumn("id", "column_1", ColumnType.BigInt), new FeedColumn("name", "column_2", ColumnType.Text));
        var batch = await new RowAssembler(schema, Options).Read(Csv("1,a\n", new CsvOptions { HasHeader = false }));
        Assert.Equal(["1|a"], batch.Text());
    }

    [Fact]
    public async Task Rows_that_do_not_fit_are_rejects_with_their_place_and_text()
    {
        var batch = await Read(Orders, "id,name\n1,a\nx,b\n\"2\n\",c\n3\n4,d\n");
        Assert.Equal(["1|a", "4|d"], batch.Text());
        Assert.Equal((5L, true), (batch.RowsRead, batch.EndOfFile));
        Assert.Equal(
            [
                new Reject(new SourcePosition(Source.Uri, 3, 12, "id"), "\"x\" is not a bigint", "x,b"),
                new Reject(new SourcePosition(Source.Uri, 4, 16, "id"), "\"2\\u000a\" is not a bigint", "\"2\n\",c"),
                new Reject(new SourcePosition(Source.Uri, 6, 23), "the row has 1 field, 2 fields expected", "3"),
            ],
            batch.Rejects);
    }

    [Fact]
    public async Task Raw_text_is_cut_at_8_KiB_between_characters_or_not_kept()
    {
        var csv = "id,name\nx," + new string('é', 8_000) + "\n";
        Assert.Equal("x," + new string('é', 4_095), (await Read(Orders, csv)).Rejects[0].RawText);
        Assert.Equal("xy," + new string('é', 4_094), (await Read(Orders, csv.Replace("x,", "xy,", StringComparison.Ordinal))).Rejects[0].RawText);
        Assert.Null((await Read(Orders, csv, Options with { KeepRawText = false })).Rejects[0].RawText);
    }

    [Fact]
    public async Task NULL_in_a_key_is_a_reject()
    {
        var batch = await Read(Orders, "id,name\n,a\n1,b\n", Options with { KeyColumns = ["id"] });
        Assert.Equal(["1|b"], batch.Text());
        Assert.Equal("id", batch.Rejects.Single().Position.Column);
    }

    [Fact]
    public async Task Batches_end_by_rows_bytes_or_rejects()
    {
        var rows = "id,name\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},{i}{i}\n"));
        Assert.Equal([4, 4, 2], await Sizes(rows, Options with { MaxBatchRows = 4 }));
        Assert.Equal([3, 3, 3, 1], await Sizes(rows, Options with { MaxBatchTextBytes = 10 }));
        var assembler = new RowAssembler(Orders, Options);
        var reader = Csv("id,name\n1,a\nx,b\n2,c\ny,d\n3,e\n");
        var first = await assembler.Read(reader, maxRejects: 1);
        var second = await assembler.Read(reader, first.Rows, maxRejects: 5);
        Assert.Equal((1, 2L, false), (first.Rejects.Count, first.RowsRead, first.EndOfFile));
        Assert.Equal((1, 3L, true), (second.Rejects.Count, second.RowsRead, second.EndOfFile));
        Assert.Same(first.Rows, second.Rows);
        Assert.Equal(["2|c", "3|e"], second.Text());
    }

    [Fact]
    public async Task A_new_field_becomes_a_column_of_the_type_it_proves()
    {
        var assembler = new RowAssembler(Orders, Options);
        var batch = await assembler.Read(Csv("id,Unit Price,name,Note,when\n1,2.50,a,\"\",2024-01-01\nx,oops,b,c,d\n2,,c,x,\n"));
        Assert.Equal("id:bigint name:text unit_price:decimal(38,2) note:text when:date", assembler.Schema.Types());
        Assert.Same(assembler.Schema, batch.Rows.Schema);
        Assert.Equal(["1|a|250||19723", "2|c|∅|x|∅"], batch.Text());
        var next = await assembler.Read(Csv("id,name,Unit Price,when\n3,d,1.555,\n4,e,1.5,2024-01-02\n"), batch.Rows);
        Assert.Same(batch.Rows, next.Rows);
        Assert.Equal(["4|e|150|∅|19724"], next.Text());
        Assert.Equal("Unit Price", next.Rejects.Single().Position.Column);
    }

    [Fact]
    public async Task A_new_field_waits_for_a_value_till_the_files_end()
    {
        var assembler = new RowAssembler(Orders, Options with { MaxBatchRows = 2 });
        var reader = Csv("id,b,c\n1,,\n2,,\n3,,\n4,5,\n5,6,\n6,,\n7,,\n");
        Assert.Equal(["1|∅", "2|∅"], (await assembler.Read(reader)).Text());
        Assert.Equal(["3|∅|∅", "4|∅|5"], (await assembler.Read(reader)).Text());
        Assert.Equal(["5|∅|6", "6|∅|∅"], (await assembler.Read(reader)).Text());
        var last = await assembler.Read(reader);
        Assert.Equal(["7|∅|∅|∅"], last.Text());
        Assert.Equal("id:bigint name:text b:bigint c:text", last.Rows.Schema.Types());
    }

    [Fact]
    public async Task A_new_field_is_added_at_the_files_end_when_no_row_is_left()
    {
        var assembler = new RowAssembler(Orders, Options with { MaxBatchRows = 2 });
        var reader = Csv("id,b,c\n1,5,\n2,6,\n");
        Assert.Equal(["1|∅|5", "2|∅|6"], (await assembler.Read(reader)).Text());
        var last = await assembler.Read(reader);
        Assert.True(last.EndOfFile);
        Assert.Equal("id:bigint name:text b:bigint c:text", last.Rows.Schema.Types());
        Assert.Empty(last.Text());
    }

    [Fact]
    public async Task Files_without_rows_that_can_be_loaded_add_nothing()
    {
        Assert.Equal(Orders, (await Read(Orders, "id,b\n")).Rows.Schema);
        Assert.Equal(Orders, (await Read(Orders, "id,b\nx,1\n")).Rows.Schema);
        Assert.Equal(Orders, (await Read(Orders, "")).Rows.Schema);
    }

    [Fact]
    public async Task Rows_before_a_new_field_are_NULL_in_it()
    {
        var reader = new FakeReader(
            [("id", "1", FieldKind.JsonNumber)],
            [("id", "2", FieldKind.JsonNumber), ("x", "true", FieldKind.JsonBoolean)],
            [("id", "bad", FieldKind.JsonString), ("x", "{}", FieldKind.JsonNested)],
            [("id", "3", FieldKind.JsonNumber), ("y", "12", FieldKind.JsonString)]);
        var batch = await new RowAssembler(Orders, Options).Read(reader);
        Assert.Equal("id:bigint name:text x:boolean y:text", batch.Rows.Schema.Types());
        Assert.Equal(["1|∅|∅|∅", "2|∅|true|∅", "3|∅|∅|12"], batch.Text());
    }

    [Fact]
    public async Task A_value_that_no_column_could_take_rejects_the_row_that_brings_a_new_field()
    {
        var batch = await Read(Orders, "id,b,c\n1,x,\0\n2,y,z\n", Options with { Limits = new ValueLimits { AllowNul = false } });
        Assert.Equal(["2|∅|y|z"], batch.Text());
        Assert.Equal("c", batch.Rejects.Single().Position.Column);
    }

    [Fact]
    public async Task New_fields_can_be_refused_or_left_out()
    {
        Assert.Equal(["1|∅"], (await Read(Orders, "id,b\n1,2\n", Options with { NewFields = NewFieldAction.Ignore })).Text());
        var error = await Assert.ThrowsAsync<FeedException>(() => Read(Orders, "id,b\n1,2\n", Options with { NewFields = NewFieldAction.Fail }));
        Assert.Equal("NewField", error.Id);
        Assert.Equal("s3://acme/in/a.csv, line 2, column \"b\" is a field that feed orders has no column for.", error.Message);
        Assert.Contains(error.Remedies, r => r.Cmdlet == "Set-S3Feed -Name orders -SchemaEvolution AddColumns");
    }

    [Theory]
    [InlineData(NewFieldAction.Add)]
    [InlineData(NewFieldAction.Ignore)]
    public async Task A_file_of_which_no_field_is_known_is_an_error(NewFieldAction action)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => Read(Orders, "id;name\n1;a\n", Options with { NewFields = action }));
        Assert.Equal("NoKnownField", error.Id);
        Assert.Contains("\"id;name\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(["peaks3feed set orders csv.separator=Semicolon"], error.Remedies.Select(r => r.Shell));
    }

    [Theory]
    [InlineData("x,y\n")] // a header without rows
    [InlineData("\n\nx,y\n1,2\n")]
    [InlineData("7,2026-01-01\n8,2026-01-02\n")]
    [InlineData("x;y\n")]
    public async Task What_would_not_help_is_not_suggested(string text)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => Read(Orders, text));
        Assert.Equal(("NoKnownField", 0), (error.Id, error.Remedies.Count));
        Assert.Equal(text[0] == '\n' ? 3 : 1, error.Position!.Line);
        Assert.Equal(text[0] == '7', error.Hint!.Contains("no header", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_without_fields_or_with_known_ones_needs_no_rows()
    {
        Assert.Empty((await Read(Orders, "\n\n")).Text());
        Assert.Empty((await Read(Orders, "id,other\n")).Text());
    }

    [Fact]
    public async Task A_feed_without_columns_gets_them_from_its_first_file()
        => Assert.Equal("a:bigint b:text", (await Read(Schema(), "a,b\n1,x\n")).Rows.Schema.Types());

    [Fact]
    public async Task There_is_a_most_of_columns()
    {
        var options = Options with { Limits = new ValueLimits { MaxColumns = 3 } };
        Assert.Equal(3, (await Read(Orders, "id,a\n1,2\n", options)).Rows.Schema.Columns.Count);
        var error = await Assert.ThrowsAsync<FeedException>(() => Read(Orders, "\nid,a,b\n\n1,2,3\n", options));
        Assert.Equal(("TooManyColumns", 2L), (error.Id, error.Position!.Line)); // the header's line
    }

    [Fact]
    public async Task A_field_keeps_the_name_it_was_given_in_a_file_that_was_left()
    {
        var assembler = new RowAssembler(Orders, Options with { MaxBatchRows = 1 });
        await assembler.Read(Csv("id,B,b\n1,,\n2,3,4\n"));
        Assert.Equal("id:bigint name:text", assembler.Schema.Types());
        await assembler.Read(Csv("id,b\n1,x\n"));
        Assert.Equal("id:bigint name:text b_2:text", assembler.Schema.Types());
    }

    private static async Task<List<int>> Sizes(string csv, RowAssemblerOptions options)
    {
        var assembler = new RowAssembler(Orders, options);
        var reader = Csv(csv);
        var sizes = new List<int>();
        AssembledBatch? batch = null;
        while (batch is not { EndOfFile: true })
            sizes.Add((batch = await assembler.Read(reader, batch?.Rows)).Rows.Count);
        return sizes;
    }
}
