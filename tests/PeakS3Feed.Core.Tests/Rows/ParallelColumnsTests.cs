using System.Globalization;
using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using static PeakS3Feed.Tests.Rows.Assembly;

namespace PeakS3Feed.Tests.Rows;

/// <summary>Columns that several threads append, held against rows that are read one by one.</summary>
public class ParallelColumnsTests
{
    private const int Rows = 4_000;

    private static readonly ColumnType[] Types =
        [ColumnType.BigInt, ColumnType.Text, ColumnType.Decimal, ColumnType.Text, ColumnType.Date, ColumnType.Double, ColumnType.Text, ColumnType.Boolean];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_rows_and_the_rejects_are_those_of_rows_read_one_by_one(int seed)
    {
        var random = new Random(seed);
        // In some files one value in ten thousand is bad, in others one in ten.
        var oneBadIn = (int)Math.Pow(10, random.Next(1, 5));
        var schema = Schema([.. Types.Select((t, i) => Column($"c{i}", t)), Column("absent", ColumnType.Text)]);
        var csv = Encoding.UTF8.GetBytes(Csv(random, oneBadIn));

        var expected = await ReadAllAsync(schema, csv, Options with { KeepPositions = true });
        var found = await ReadAllAsync(schema, csv, Options);

        Assert.Equal(Rows, expected.Rows.Count + expected.Rejects.Count);
        Assert.Equal(expected.Rows, found.Rows);
        Assert.Equal(expected.Rejects, found.Rejects);
    }

    [Fact]
    public async Task Many_assemblers_at_once_do_not_disturb_each_other()
    {
        var schema = Schema([.. Types.Select((t, i) => Column($"c{i}", t))]);
        await Parallel.ForEachAsync(Enumerable.Range(100, 40), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, _) =>
        {
            var csv = Encoding.UTF8.GetBytes(Csv(new Random(seed), 1_000));
            var expected = await ReadAllAsync(schema, csv, Options with { KeepPositions = true });
            Assert.Equal(expected.Rows, (await ReadAllAsync(schema, csv, Options)).Rows);
        });
    }

    private static string Csv(Random random, int oneBadIn)
    {
        var text = new StringBuilder(string.Join(',', Types.Select((_, i) => $"c{i}"))).Append('\n');
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Types.Length; column++)
                text.Append(column == 0 ? "" : ",").Append(Value(random, Types[column], random.Next(oneBadIn) == 0));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Value(Random random, ColumnType type, bool isBad) => type switch
    {
        ColumnType.Text => random.Next(6) switch
        {
            0 => "",
            1 => "\"\"",
            2 => $"\"say \"\"{random.Next()}\"\"\"",
            3 => $"\"a, {random.Next()}\"",
            _ => $"text {random.Next()}",
        },
        _ when isBad => "bad",
        ColumnType.BigInt => random.NextInt64().ToString(CultureInfo.InvariantCulture),
        ColumnType.Decimal => (random.Next(1_000_000) / 100m).ToString(CultureInfo.InvariantCulture),
        ColumnType.Date => new DateOnly(2000, 1, 1).AddDays(random.Next(9_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ColumnType.Double => random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => random.Next(2) == 0 ? "true" : "false",
    };

    private static async Task<(List<string> Rows, List<Reject> Rejects)> ReadAllAsync(FeedSchema schema, byte[] csv, RowAssemblerOptions options)
    {
        var assembler = new RowAssembler(schema, options);
        await using var reader = new CsvReader(new InputBuffer(new MemoryStream(csv)), new CsvOptions(), Source.Uri);
        var (rows, rejects) = (new List<string>(), new List<Reject>());
        for (AssembledBatch? batch = null; batch is not { EndOfFile: true };)
        {
            batch = await assembler.ReadAsync(reader, Source, batch?.Rows, long.MaxValue, default);
            rows.AddRange(batch.Text());
            rejects.AddRange(batch.Rejects);
        }

        return (rows, rejects);
    }
}
