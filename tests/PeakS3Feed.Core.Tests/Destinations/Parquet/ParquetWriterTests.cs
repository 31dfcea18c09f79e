using System.Globalization;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.TestLake;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>Row groups, encodings, and files that are not finished.</summary>
public sealed class ParquetWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["a.parquet"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_without_rows_has_its_columns()
    {
        var info = await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, []);

        await using var reader = await ParquetFileReader.OpenAsync(ParquetFiles.Open(File), CancellationToken.None);

        Assert.Equal((0, 0), (info.Rows, reader.Rows));
        Assert.Equal(GeneratedRows.Columns.Select(c => c.Name), reader.Columns);
        Assert.All(info.Columns, c => Assert.Equal((0L, null, null), (c.Nulls, c.Min, c.Max)));
    }

    [Fact]
    public async Task A_file_that_is_disposed_before_it_is_complete_does_not_exist()
    {
        await using var area = new FolderStagingArea(_folder.Path);
        await using (var writer = new ParquetFileWriter(area.Create("a.parquet"), GeneratedRows.Fields, new(RowGroupRows: 1000)))
            await writer.WriteAsync(GeneratedRows.Create(1, 5000), 0, 5000, CancellationToken.None);

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public async Task A_file_is_the_same_however_many_columns_are_encoded_at_a_time(int tasks)
    {
        IReadOnlyList<IReadOnlyList<ColumnVector>> batches = [.. Enumerable.Range(1, 4).Select(seed => GeneratedRows.Create(seed, 20_000))];
        await ParquetFiles.WriteAsync(_folder["one.parquet"], GeneratedRows.Fields, batches, new(RowGroupRows: 30_000));
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, batches, new(RowGroupRows: 30_000) { Tasks = tasks });

        Assert.Equal(await System.IO.File.ReadAllBytesAsync(_folder["one.parquet"]), await System.IO.File.ReadAllBytesAsync(File));
    }

    [Fact]
    public async Task A_part_of_a_batch_is_written()
    {
        var batch = GeneratedRows.Create(1, 9000);
        await using var area = new FolderStagingArea(_folder.Path);
        await using (var writer = new ParquetFileWriter(area.Create("a.parquet"), GeneratedRows.Fields, new()))
        {
            await writer.WriteAsync(batch, 10, 5000, CancellationToken.None);
            await writer.WriteAsync(batch, 8999, 1, CancellationToken.None);
            await writer.WriteAsync(batch, 0, 0, CancellationToken.None);
            Assert.Equal(5001, writer.Rows);
            await writer.CompleteAsync(CancellationToken.None);
        }

        var back = await ParquetFiles.ReadAsync(ParquetFiles.Open(File), GeneratedRows.Columns);

        foreach (var (vector, actual) in batch.Zip(back))
        {
            var expected = ColumnVector.Create(vector.Column);
            expected.AppendRows(vector, 10, 5000);
            expected.AppendRows(vector, 8999, 1);
            ParquetFiles.AssertEqual(expected, actual);
        }
    }

    [Fact]
    public async Task A_row_group_ends_at_its_size_or_at_its_number_of_rows()
    {
        using var duckDb = new DuckDb();
        var random = new Random(1);
        var numbers = Numbers(300_000, _ => random.NextInt64());

        await ParquetFiles.WriteAsync(File, Fields(numbers), [[numbers]], new(RowGroupBytes: 512 * 1024));
        var bySize = duckDb.Query($"SELECT row_group_compressed_bytes, row_group_num_rows FROM parquet_metadata('{File}')");
        await ParquetFiles.WriteAsync(_folder["b.parquet"], Fields(numbers), [[numbers]], new(RowGroupRows: 100_001));
        var byRows = duckDb.Query($"SELECT row_group_num_rows FROM parquet_metadata('{_folder["b.parquet"]}')");

        Assert.InRange(bySize.Count, 4, 5);
        Assert.All(bySize.SkipLast(1), g => Assert.InRange(Convert.ToInt64(g[0], CultureInfo.InvariantCulture), 512 * 1024, 1100 * 1024));
        Assert.Equal([100_001L, 100_001L, 99_998L], byRows.Select(g => g[0]));
    }

    [Fact]
    public async Task A_dictionary_is_used_only_where_values_repeat()
    {
        using var duckDb = new DuckDb();
        var different = Numbers(20_000, i => i);
        var repeated = Numbers(20_000, i => i % 100);

        await ParquetFiles.WriteAsync(File, [.. Fields(different), new(new("b", "b", ColumnType.BigInt), 2)], [[different, repeated]]);

        Assert.Equal(
            ["a PLAIN, RLE", "b PLAIN, RLE, RLE_DICTIONARY"],
            duckDb.Query($"SELECT path_in_schema, encodings FROM parquet_metadata('{File}') ORDER BY 1")
                .Select(r => $"{r[0]} {string.Join(", ", ((string)r[1]!).Split(", ").Order(StringComparer.Ordinal))}"));
    }

    [Fact]
    public async Task A_write_that_fails_stays_what_it_is()
    {
        await using var writer = new ParquetFileWriter(new FailingFile(), GeneratedRows.Fields, new(RowGroupRows: 1000));

        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => writer.WriteAsync(GeneratedRows.Create(1, 5000), 0, 5000, CancellationToken.None).AsTask());

        Assert.Equal("too slow", error.Message);
    }

    [Fact]
    public async Task A_cancelled_write_ends()
    {
        await using var area = new FolderStagingArea(_folder.Path);
        await using var writer = new ParquetFileWriter(area.Create("a.parquet"), GeneratedRows.Fields, new());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => writer.WriteAsync(GeneratedRows.Create(1, 10), 0, 10, new CancellationToken(canceled: true)).AsTask());
    }

    private static FixedVector<long> Numbers(int rows, Func<int, long> value)
    {
        var vector = new FixedVector<long>(new("a", "a", ColumnType.BigInt));
        for (var i = 0; i < rows; i++)
            vector.Append(value(i));
        return vector;
    }

    private static IReadOnlyList<ParquetField> Fields(ColumnVector vector) => [new(vector.Column, 1)];

    private sealed class FailingFile : IStagedFileWriter
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => throw new TimeoutException("too slow");

        public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
