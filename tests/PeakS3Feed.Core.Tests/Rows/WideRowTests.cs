using System.Globalization;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using static PeakS3Feed.Tests.Rows.Assembly;

namespace PeakS3Feed.Tests.Rows;

/// <summary>Batches of wide tables: their memory follows their cells and bytes, not the number of columns times that of a narrow table.</summary>
public class WideRowTests
{
    private const int Columns = 990;

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task A_batch_of_990_columns_is_small()
    {
        const int Rows = 3_000;
        var schema = Schema([.. Enumerable.Range(0, Columns).Select(i => Column($"c{i}", i % 2 == 0 ? ColumnType.Text : ColumnType.Decimal))]);
        var line = string.Join(',', Enumerable.Range(0, Columns).Select(i => i % 2 == 0 ? "text " + i.ToString(CultureInfo.InvariantCulture) : "1"));
        var csv = string.Join(',', schema.Columns.Select(c => c.Field)) + "\n" + string.Concat(Enumerable.Repeat(line + "\n", Rows));
        var reader = Csv(csv);
        var assembler = new RowAssembler(schema, Options);

        var read = 0L;
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssembledBatch batch;
        RowBatch? reuse = null;
        do
        {
            batch = await assembler.ReadAsync(reader, Source, reuse, long.MaxValue, default);
            Assert.InRange(batch.Rows.Count * Columns, 0, 256 * 1024);
            read += batch.RowsRead;
            reuse = batch.Rows;
        }
        while (!batch.EndOfFile);

        Assert.Equal(Rows, read);
        // One batch, used again, of 256 Ki cells and the bytes of its rows, and what it outgrew on the way.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 32 * 1024 * 1024);
    }
}
