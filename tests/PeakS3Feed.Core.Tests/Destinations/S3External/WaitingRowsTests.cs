using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Tests.Destinations.Parquet;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Rows that wait for the files of their partitions.</summary>
public sealed class WaitingRowsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(long.MaxValue)]
    public void Rows_of_every_type_come_back_with_their_origins(long memoryBytes)
    {
        const int Batches = 60;
        var random = new Random(6);
        PartitionValues[] partitions = [.. Enumerable.Range(0, 5).Select(_ => new PartitionValues([]))]; // each is another one, whatever its values
        var expected = new Dictionary<PartitionValues, List<string>>(ReferenceEqualityComparer.Instance);
        foreach (var partition in partitions)
            expected.Add(partition, []);
        using var waiting = new WaitingRows(GeneratedRows.Columns, memoryBytes);
        for (var batch = 0; batch < Batches; batch++)
        {
            // The seventh object is dropped. Some batches are larger than what is read at once.
            var (ordinal, count) = (batch / 5, random.Next(10) == 0 ? 5000 : random.Next(1, 40));
            var rows = GeneratedRows.Create(batch, count);
            var partition = partitions[random.Next(4)]; // the last one gets no rows
            var origins = Enumerable.Range(0, count).Select(i => new RowOrigin(ordinal, (batch * 10_000) + (i * 2))).ToArray();
            waiting.Add(new PartitionRows(partition, rows, count, default, origins));
            if (ordinal != 7)
                expected[partition].AddRange(Enumerable.Range(0, count).Select(i => Describe(origins[i], rows, i)));
        }
        waiting.DropObject(7);

        Assert.True(waiting.Bytes > 0);
        Assert.False(waiting.Has(partitions[4]));
        Assert.Equal(4, waiting.Partitions.Count());
        foreach (var partition in waiting.Partitions)
        {
            Assert.True(waiting.Has(partition));
            var read = waiting.Read(partition)
                .SelectMany(some => Enumerable.Range(0, some.Count).Select(i => Describe(some.OriginOf(i), some.Columns, i)).ToList()).ToList();
            Assert.Equal(expected[partition], read);
        }
    }

    [Fact]
    public void Long_texts_are_read_few_at_a_time()
    {
        const int Rows = 40, Bytes = 1024 * 1024;
        FeedColumn[] columns = [new("text", "text", ColumnType.Text)];
        var partition = new PartitionValues([]);
        using var waiting = new WaitingRows(columns, memoryBytes: 0);
        for (var row = 0; row < Rows; row++)
        {
            var text = new Utf8Vector(columns[0]);
            text.Append(Enumerable.Repeat((byte)('a' + (row % 26)), Bytes).ToArray());
            waiting.Add(new PartitionRows(partition, [text], 1, new RowOrigin(0, row), null));
        }

        var at = 0;
        foreach (var some in waiting.Read(partition))
        {
            Assert.InRange(some.Count, 1, 5);
            for (var i = 0; i < some.Count; i++, at++)
            {
                Assert.Equal(new RowOrigin(0, at), some.OriginOf(i));
                Assert.Equal(-1, ((Utf8Vector)some.Columns[0])[i].IndexOfAnyExcept((byte)('a' + (at % 26))));
            }
        }
        Assert.Equal(Rows, at);
    }

    [Fact]
    public void Vectors_may_have_more_rows_than_wait()
    {
        FeedColumn[] columns = [new("number", "number", ColumnType.BigInt), new("text", "text", ColumnType.Text)];
        var (numbers, texts) = (new FixedVector<long>(columns[0]), new Utf8Vector(columns[1]));
        for (var row = 0; row < 100; row++)
        {
            if (row >= 70)
                numbers.AppendNull(); // in the same word as the last rows that wait
            else
                numbers.Append(row);
            texts.Append(System.Text.Encoding.UTF8.GetBytes($"{row}"));
        }
        var partition = new PartitionValues([]);
        using var waiting = new WaitingRows(columns, memoryBytes: 0);
        for (var round = 0; round < 2; round++)
            waiting.Add(new PartitionRows(partition, [numbers, texts], 67, new RowOrigin(round, 0), null));

        var read = Assert.Single(waiting.Read(partition));
        Assert.Equal(2 * 67, read.Count);
        for (var row = 0; row < read.Count; row++)
        {
            Assert.Equal(new RowOrigin(row / 67, row % 67), read.OriginOf(row));
            Assert.Equal($"{row % 67} {row % 67}", $"{SpillTests.Describe(read.Columns[0], row)} {SpillTests.Describe(read.Columns[1], row)}");
        }
    }

    private static string Describe(RowOrigin origin, IReadOnlyList<ColumnVector> columns, int row)
        => $"{origin.Ordinal}:{origin.Row} {string.Join('|', columns.Select(c => SpillTests.Describe(c, row)))}";
}
