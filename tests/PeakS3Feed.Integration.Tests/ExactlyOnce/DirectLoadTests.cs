using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Loads whose objects the warehouse loads itself: the rows are those of a staged load.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class DirectLoadTests
{
    private const string Columns = "id, name, note";

    private static readonly FeedSchema Generated
        = new([new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text), new("note", "note", ColumnType.Text)]);

    public static TheoryData<Way> AllWays => [.. Enum.GetValues<Way>()];

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task The_warehouse_loads_the_objects_itself(Way way)
    {
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Direct);
        await scene.PutAsync("a.csv", "id,name\n1,Ann\n\n2,\"Bo, \"\"B\"\"\"\n-3,\n");
        await scene.PutAsync("b.csv", "id,name\n,\"two\nlines\"\n9223372036854775807,\"\"\n");

        Assert.Equal("Direct", await scene.LoadAsync());

        Assert.Equal(["-3|∅", "1|Ann", "2|Bo, \"B\"", "9223372036854775807|∅", "∅|two\nlines"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 2);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task New_objects_are_added_and_the_fields_may_be_in_another_order_and_compressed(Way way)
    {
        await using var scene = await DirectScene.StartAsync(
            way, configure: f => f with { Csv = new CsvOptions { Separator = "\t", NullValues = ["-"], EmptyAsNull = true } });
        await scene.PutAsync("a.csv", "id\tname\n1\tAnn\n");
        var first = await scene.LoadAsync();
        Assert.True(first == "Direct", first);
        await scene.PutPackedAsync("b.csv.gz", $"name\tid\r\n-\t2\r\n{new string('x', 5000)}\t3\r\n");

        Assert.Equal("Direct", await scene.LoadAsync());

        Assert.Equal(["1|Ann", "2|∅", $"3|{new string('x', 5000)}"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 2);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_TruncateInsert_replaces_all_rows(Way way)
    {
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Direct, f => f with { LoadType = LoadType.TruncateInsert });
        await scene.PutAsync("a.csv", "id,name\n1,Ann\n");
        await scene.LoadAsync();
        await scene.PutAsync("a.csv", "id,name\n2,Bo\n");
        await scene.PutAsync("b.csv", "id,name\n3,Cy\n");

        Assert.Equal("Direct", await scene.LoadAsync());

        Assert.Equal(["2|Bo", "3|Cy"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 2);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task The_rows_of_generated_files_are_those_of_a_staged_load(Way way)
    {
        var random = new Random(20261130);
        var files = Enumerable.Range(0, 12).Select(i => (Name: $"f{i:00}.csv", Text: Generate(random))).ToList();
        List<string>? staged = null;
        foreach (var path in (LoadPath[])[LoadPath.Staged, LoadPath.Direct])
        {
            await using var scene = await DirectScene.StartAsync(way, path, f => f with
            {
                Schema = Generated, Csv = new CsvOptions { Separator = ";", NullValues = ["NULL"], EmptyAsNull = true },
            });
            foreach (var (name, text) in files)
                await scene.PutAsync(name, text);
            Assert.StartsWith($"{path}", await scene.LoadAsync(), StringComparison.Ordinal);

            var rows = await scene.RowsAsync(Columns);
            Assert.Equal(staged ??= rows, rows);
            await scene.MustBeCleanAsync(files.Count);
        }
        Assert.True(staged!.Count > 500);
    }

    // Values with separators, quotes, line breaks, blanks, marks of other formats, and every length of UTF-8.
    private static string Generate(Random random)
    {
        string[] texts = ["", "NULL", "x", " ", " a ", "; ", "\"", "\"\"", "a\nb", "a\r\nb", "\\", "\\N", "'", "é", "€", "\U0001F600", "#", "=1+1", "\t", "null", "0"];
        string[] numbers = ["", "\"\"", "NULL", "0", "7", "-1", "\"12\"", $"{long.MaxValue}", $"{long.MinValue}"];
        var text = new StringBuilder("id;name;note\n");
        for (var row = random.Next(40, 90); row > 0; row--)
        {
            var end = random.Next(10) == 0 ? "\n\n" : "\n";
            text.Append(Pick(numbers)).Append(';').Append(Write(Pick(texts) + Pick(texts))).Append(';').Append(Write(Pick(texts))).Append(end);
        }
        return text.ToString();

        string Pick(string[] all) => all[random.Next(all.Length)];

        // The text that means NULL is not quoted: the warehouse may not see the quotes.
        string Write(string value) => value != "NULL" && (value.AsSpan().IndexOfAny("\";\r\n") >= 0 || random.Next(3) == 0)
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;
    }
}
