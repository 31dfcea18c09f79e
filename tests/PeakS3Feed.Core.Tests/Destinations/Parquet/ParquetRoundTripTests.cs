using PeakS3Feed.Destinations.Parquet;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>What is written is read back, bit by bit.</summary>
public sealed class ParquetRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, ParquetCompression.Zstd)]
    [InlineData(2, 63, ParquetCompression.Snappy)]
    [InlineData(3, 4097, ParquetCompression.Zstd)]
    [InlineData(4, 20_000, ParquetCompression.Zstd)]
    [InlineData(5, 20_000, ParquetCompression.Snappy)]
    public async Task Every_type_comes_back_as_it_was_written(int seed, int rows, ParquetCompression compression)
    {
        var batch = GeneratedRows.Create(seed, rows);
        var info = await ParquetFiles.WriteAsync(
            _folder["a.parquet"], GeneratedRows.Fields, [batch], new ParquetOptions(compression, RowGroupBytes: 256 * 1024));

        var back = await ParquetFiles.ReadAsync(ParquetFiles.Open(_folder["a.parquet"]), GeneratedRows.Columns);

        Assert.Equal((rows, new FileInfo(_folder["a.parquet"]).Length), (info.Rows, info.Bytes));
        foreach (var (expected, actual) in batch.Zip(back))
            ParquetFiles.AssertEqual(expected, actual);
    }
}
