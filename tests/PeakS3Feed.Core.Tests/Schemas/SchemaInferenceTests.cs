using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Tests.Rows;

namespace PeakS3Feed.Tests.Schemas;

public class SchemaInferenceTests
{
    [Fact]
    public async Task Files_are_taken_together_by_the_names_of_their_fields()
    {
        var inference = new SchemaInference(ValueFormats.Default, new ValueLimits());
        await Add(inference, "id,Zip Code,amount\n1,00501,10\n2,10001,2.5\n");
        await Add(inference, "amount,extra,id\n3,2024-01-01,9223372036854775808\n");
        await Add(inference, "only,header\n");
        Assert.Equal("id:decimal(38,0) zip_code:text amount:decimal(38,1) extra:date only:text header:text", inference.ToSchema().Types());
        Assert.Equal("Zip Code", inference.ToSchema().Columns[1].Field);
        Assert.Equal(3, inference.RowsSeen);
    }

    [Fact]
    public async Task Headers_of_one_field_in_several_spellings_are_one_column()
    {
        var inference = new SchemaInference(ValueFormats.Default, new ValueLimits());
        await Add(inference, "id,Email\n1,a\n");
        await Add(inference, "email, ID \nb,2\nc,x\n");
        var schema = inference.ToSchema();
        Assert.Equal("id:text email:text", schema.Types());
        Assert.Equal(["id", "Email"], schema.Columns.Select(c => c.Field));
        Assert.Equal(["HeaderSpelling", "HeaderSpelling"], inference.FindWarnings(schema).Select(w => w.Id));
    }

    [Fact]
    public async Task A_file_with_both_spellings_has_two_columns()
    {
        var inference = new SchemaInference(ValueFormats.Default, new ValueLimits());
        await Add(inference, "id,Email\n1,a\n");
        await Add(inference, "id,email,Email\n2,3,b\n");
        Assert.Equal("id:bigint email:text email_2:bigint", inference.ToSchema().Types());
        Assert.Equal("SimilarField", Assert.Single(inference.FindWarnings(inference.ToSchema())).Id);
    }

    [Fact]
    public async Task Similar_names_in_one_file_are_no_surprise()
    {
        var inference = new SchemaInference(ValueFormats.Default, new ValueLimits());
        await Add(inference, "Change,Change %\n1,2\n");
        Assert.Equal("change:bigint change_2:bigint", inference.ToSchema().Types());
        Assert.Empty(inference.FindWarnings(inference.ToSchema()));
    }

    [Fact]
    public async Task A_key_is_known_by_its_name_and_by_its_field()
    {
        foreach (var key in (string[])["Release No", "release_no"])
        {
            var inference = new SchemaInference(ValueFormats.Default, new ValueLimits(), leavesOut: false, [key]);
            await Add(inference, "Release No,price\n3.10,2.50\n4.25,7.25\n");
            Assert.Equal("release_no:text price:decimal(38,2)", inference.ToSchema().Types());
        }
    }

    [Fact]
    public async Task Fields_that_grow_are_followed()
    {
        var inference = new SchemaInference(ValueFormats.Default, new ValueLimits());
        var reader = new FakeReader([("a", "1", FieldKind.JsonNumber)], [("a", "2", FieldKind.JsonNumber), ("b", "{}", FieldKind.JsonNested)]);
        while (reader.Read() == ReadResult.Row)
            inference.AddRow(reader);
        Assert.Equal("a:bigint b:json", inference.ToSchema().Types());
        await reader.DisposeAsync();
    }

    [Fact]
    public void There_is_a_most_of_columns()
    {
        var inference = new SchemaInference(ValueFormats.Default, new ValueLimits());
        inference.AddFields([.. Enumerable.Range(1, 1_000).Select(i => $"f{i}")]);
        var error = Assert.Throws<FeedException>(() => inference.AddFields(["one more"], new SourcePosition("s3://acme/a.csv", 2)));
        Assert.Equal(("TooManyColumns", "s3://acme/a.csv"), (error.Id, error.Position!.ObjectUri));

        var leaves = new SchemaInference(ValueFormats.Default, new ValueLimits(), leavesOut: true);
        leaves.AddFields([.. Enumerable.Range(1, 1_001).Select(i => $"f{i}")]);
        Assert.Equal("f1000", leaves.ToSchema().Columns[^1].Field);
    }

    private static async Task Add(SchemaInference inference, string csv)
    {
        await using var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(csv)), new CsvOptions(), "s3://b/k");
        for (var result = reader.Read(); result != ReadResult.End; result = reader.Read())
        {
            if (result == ReadResult.Row)
            {
                inference.AddFields(reader.Fields, new SourcePosition("s3://b/k"), folds: true);
                inference.AddRow(reader);
            }
            else
            {
                await reader.FillAsync(CancellationToken.None);
            }
        }

        inference.AddFields(reader.Fields, new SourcePosition("s3://b/k"), folds: true);
    }
}
