using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>
/// Readers that share no code with the writer, from npm, read what was written. <c>tests/servers/parquet.sh install</c> installs them.
/// </summary>
public sealed class OtherReadersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("hyparquet", ParquetCompression.Zstd)]
    [InlineData("hyparquet", ParquetCompression.Snappy)]
    [InlineData("parquet-wasm", ParquetCompression.Zstd)]
    [InlineData("parquet-wasm", ParquetCompression.Snappy)]
    public async Task It_reads_every_value(string reader, ParquetCompression compression)
    {
        NpmReaders.SkipIfMissing();
        var batch = GeneratedRows.Create(seed: 31, rows: 3000);
        await ParquetFiles.WriteAsync(_folder["a.parquet"], GeneratedRows.Fields, [batch], new(compression, RowGroupRows: 1000));

        var lines = await NpmReaders.ReadAsync(reader, [_folder["a.parquet"]]);

        Assert.Equal(3000, lines.Length);
        for (var row = 0; row < lines.Length; row++)
            Assert.Equal(JsonSerializer.Serialize(batch.Select(v => Project(v, row))), lines[row]);
    }

    private static object? Project(ColumnVector vector, int row) => vector.IsNull(row) ? null : vector switch
    {
        FixedVector<bool> flags => flags[row],
        FixedVector<long> numbers => numbers[row].ToString(CultureInfo.InvariantCulture),
        FixedVector<int> days => days[row].ToString(CultureInfo.InvariantCulture),
        FixedVector<Int128> decimals => decimals[row].ToString(CultureInfo.InvariantCulture),
        FixedVector<double> reals => BitsOf(reals[row]),
        _ => Convert.ToHexString(((Utf8Vector)vector)[row]),
    };

    private static string BitsOf(double value)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Convert.ToHexString(bytes);
    }
}
