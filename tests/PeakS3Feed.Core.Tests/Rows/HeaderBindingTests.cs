using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using static PeakS3Feed.Tests.Rows.Assembly;

namespace PeakS3Feed.Tests.Rows;

/// <summary>Headers of CSV files that are not written as the feed's fields are.</summary>
public sealed class HeaderBindingTests
{
    private static readonly FeedSchema Mails = Schema(new("id", "id", ColumnType.BigInt), new("mail", "Email", ColumnType.Text));

    [Fact]
    public async Task A_header_in_another_spelling_fills_the_fields_column_and_is_reported()
    {
        var batch = await Read(Mails, "ID, email \n1,a@x\n2,b@x\n");
        Assert.Equal(["1|a@x", "2|b@x"], batch.Text());
        Assert.Equal(Mails, batch.Rows.Schema);
        Assert.Equal(
            [("HeaderSpelling", "The header \"ID\" is read as the field \"id\" (column id): it differs only in case, surrounding blanks or Unicode form."),
             ("HeaderSpelling", "The header \" email \" is read as the field \"Email\" (column mail): it differs only in case, surrounding blanks or Unicode form.")],
            batch.Warnings.Select(w => (w.Id, w.Message)));
        Assert.All(batch.Warnings, w => Assert.Equal((Source.Uri, "file"), (w.Position!.ObjectUri, w.Unit)));
        Assert.Equal([true, true], batch.FileHas!);
    }

    [Fact]
    public async Task Many_rows_are_bound_alike_and_reported_once()
    {
        var rows = string.Concat(Enumerable.Range(1, 500).Select(i => $"{i},{i}@x\n"));
        var assembler = new RowAssembler(Mails, Options with { MaxBatchRows = 100 });
        var reader = Csv("id,EMAIL,new\n" + rows.Replace("\n", ",7\n", StringComparison.Ordinal));
        List<FeedWarning> warnings = [];
        List<string> texts = [];
        AssembledBatch batch;
        do
        {
            batch = await assembler.Read(reader);
            warnings.AddRange(batch.Warnings);
            texts.AddRange(batch.Text());
        }
        while (!batch.EndOfFile);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"{i}|{i}@x|7"), texts);
        Assert.Equal("HeaderSpelling", Assert.Single(warnings).Id);
    }

    [Fact]
    public async Task The_exact_header_wins_and_the_other_one_is_a_new_column_that_is_reported()
    {
        var batch = await Read(Mails, "id,email,Email\n1,lower,exact\n");
        Assert.Equal("id:bigint mail:text email:text", batch.Rows.Schema.Types());
        Assert.Equal(["1|exact|lower"], batch.Text());
        var warning = Assert.Single(batch.Warnings);
        Assert.Equal(
            ("SimilarField", "email", "The field \"email\" has a column of its own, email, although it resembles the field \"Email\" of column mail."),
            (warning.Id, warning.Subject, warning.Message));
    }

    [Fact]
    public async Task Two_headers_for_one_field_are_both_reported()
    {
        var batch = await Read(Mails, "id,EMAIL,email\n1,first,second\n");
        Assert.Equal(["1|first|second"], batch.Text());
        Assert.Equal(["HeaderSpelling", "SimilarField"], batch.Warnings.Select(w => w.Id));
    }

    [Fact]
    public async Task A_similar_name_is_a_new_column_with_a_warning_that_names_both()
    {
        var schema = Schema(new("id", "id", ColumnType.BigInt), new("change", "Change", ColumnType.BigInt));
        var batch = await Read(schema, "id,Change %\n1,5\n");
        Assert.Equal("id:bigint change:bigint change_2:bigint", batch.Rows.Schema.Types());
        Assert.Equal(["1|∅|5"], batch.Text());
        Assert.Equal("The field \"Change %\" has a column of its own, change_2, although it resembles the field \"Change\" of column change.", Assert.Single(batch.Warnings).Message);
        Assert.Equal([true, false, true], batch.FileHas!);
    }

    [Fact]
    public async Task A_file_with_one_of_two_spellings_says_where_its_values_go()
    {
        var schema = Mails.With([new("email_2", "email", ColumnType.Text)]);
        var batch = await Read(schema, "id,email\n1,a@x\n");
        Assert.Equal(["1|∅|a@x"], batch.Text());
        Assert.Equal(
            ("OneSpellingMissing", "The values of \"email\" go to column email_2. Column mail, for the field \"Email\", is NULL: an earlier file had both fields, this one has one."),
            (Assert.Single(batch.Warnings).Id, batch.Warnings[0].Message));
        Assert.Empty((await Read(schema, "id,email,Email\n1,a,b\n")).Warnings);
    }

    [Fact]
    public async Task A_file_known_by_other_spellings_alone_is_known()
    {
        Assert.Equal(["∅|a"], (await Read(Mails, "E-MAIL,EMAIL\n1,a\n", Options with { NewFields = NewFieldAction.Ignore })).Text());
        Assert.Equal("NoKnownField", (await Assert.ThrowsAsync<FeedException>(() => Read(Mails, "e-mail,nr\n1,a\n"))).Id);
    }

    [Fact]
    public async Task Strict_feeds_take_another_spelling_as_no_new_field()
    {
        var strict = Options with { NewFields = NewFieldAction.Fail };
        Assert.Equal(["1|a"], (await Read(Mails, "Id,eMail\n1,a\n", strict)).Text());
        Assert.Equal("NewField", (await Assert.ThrowsAsync<FeedException>(() => Read(Mails, "id,e-mail\n1,a\n", strict))).Id);
    }

    [Fact]
    public async Task Names_in_JSON_differ_by_case_and_similar_ones_are_reported()
    {
        var reader = new FakeReader([("id", "1", FieldKind.JsonNumber), ("email", "a", FieldKind.JsonString)]);
        var batch = await new RowAssembler(Mails, Options).Read(reader);
        Assert.Equal(["1|∅|a"], batch.Text());
        Assert.Equal("SimilarField", Assert.Single(batch.Warnings).Id);
        Assert.Equal([true, false, true], batch.FileHas!);
    }

    [Fact]
    public async Task A_file_without_rows_that_load_has_nothing_to_say()
    {
        Assert.Null((await Read(Mails, "id,Email\n")).FileHas);
        Assert.Null((await Read(Mails, "id,Email\nx,a\n")).FileHas);
        Assert.Equal([true, true], (await Read(Mails, "id,Email\n1,\n")).FileHas!); // NULL in every row, but the header has it
    }
}
