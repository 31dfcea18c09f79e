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
        var inference = new SchemaInference(DateFormatSet.Iso, new ValueLimits());
        await Add(inference, "id,Zip Code,amount\n1,00501,10\n2,10001,2.5\n");
        await Add(inference, "amount,extra,id\n3,2024-01-01,9223372036854775808\n");
        await Add(inference, "only,header\n");
        Assert.Equal("id:decimal(38,0) zip_code:text amount:decimal(38,1) extra:date only:text header:text", inference.ToSchema().Types());
        Assert.Equal("Zip Code", inference.ToSchema().Columns[1].Field);
        Assert.Equal(3, inference.RowsSeen);
    }

    [Fact]
    public async Task Fields_that_grow_are_followed()
    {
        var inference = new SchemaInference(DateFormatSet.Iso, new ValueLimits());
        var reader = new FakeReader([("a", "1", FieldKind.JsonNumber)], [("a", "2", FieldKind.JsonNumber), ("b", "{}", FieldKind.JsonNested)]);
        while (reader.Read() == ReadResult.Row)
            inference.AddRow(reader);
        Assert.Equal("a:bigint b:json", inference.ToSchema().Types());
        await reader.DisposeAsync();
    }

    [Fact]
    public void There_is_a_most_of_columns()
    {
        var inference = new SchemaInference(DateFormatSet.Iso, new ValueLimits());
        inference.AddFields([.. Enumerable.Range(1, 1_000).Select(i => $"f{i}")]);
        var error = Assert.Throws<FeedException>(() => inference.AddFields(["one more"], new SourcePosition("s3://acme/a.csv", 2)));
        Assert.Equal(("TooManyColumns", "s3://acme/a.csv"), (error.Id, error.Position!.ObjectUri));

        var leaves = new SchemaInference(DateFormatSet.Iso, new ValueLimits(), leavesOut: true);
        leaves.AddFields([.. Enumerable.Range(1, 1_001).Select(i => $"f{i}")]);
        Assert.Equal("f1000", leaves.ToSchema().Columns[^1].Field);
    }

    private static async Task Add(SchemaInference inference, string csv)
    {
        await using var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(csv)), new CsvOptions(), "s3://b/k");
        for (var result = reader.Read(); result != ReadResult.End; result = reader.Read())
        {
            if (result == ReadResult.Row)
                inference.AddRow(reader);
            else
                await reader.FillAsync(CancellationToken.None);
        }

        inference.AddFields(reader.Fields);
    }
}
