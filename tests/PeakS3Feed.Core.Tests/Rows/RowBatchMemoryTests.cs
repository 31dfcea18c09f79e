using System.Globalization;
using System.Text;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Rows;

/// <summary>How much memory a batch reserves for its rows.</summary>
public class RowBatchMemoryTests
{
    private const int Full = 8192;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Little_of_a_full_batch_is_empty(int textLength)
    {
        var batch = await ReadAsync(Full, i => Text(i, textLength + (i % 3)));

        Assert.Equal(Full, batch.Count);
        Assert.InRange(batch.CapacityInBytes, Size(batch), Size(batch) * 1.2);
    }

    [Fact]
    public async Task A_few_rows_reserve_little()
        => Assert.InRange((await ReadAsync(20, i => Text(i, 8))).CapacityInBytes, 1, 32 * 1024);

    [Fact]
    public async Task One_long_value_does_not_reserve_the_memory_of_many()
    {
        const int Long = 1_000_000;
        var batch = await ReadAsync(Full, i => i == 1_500 ? new string('x', Long) : Text(i, 4));

        Assert.Equal(Full, batch.Count);
        Assert.InRange(batch.CapacityInBytes, Long, 3 * Long);
    }

    private static long Size(RowBatch batch) => batch.Columns.ToArray().Sum(c => c.SizeInBytes);

    private static string Text(int row, int length) => (row * 7919L).ToString("D" + length, CultureInfo.InvariantCulture)[..length];

    private static async Task<RowBatch> ReadAsync(int rows, Func<int, string> text)
    {
        var schema = new FeedSchema(
        [
            new("id", "id", ColumnType.BigInt), new("text", "text", ColumnType.Text), new("amount", "amount", ColumnType.Decimal, 2),
            new("day", "day", ColumnType.Date), new("flag", "flag", ColumnType.Boolean),
        ]);
        var file = new StringBuilder("id,text,amount,day,flag\n");
        for (var i = 0; i < rows; i++)
            file.Append(CultureInfo.InvariantCulture, $"{i},{text(i)},{i}.25,2024-02-{(i % 28) + 1:D2},true\n");
        await using var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(file.ToString())), new CsvOptions(), Assembly.Source.Uri);
        return (await new RowAssembler(schema, Assembly.Options).ReadAsync(reader, Assembly.Source, null, long.MaxValue, default)).Rows;
    }
}
