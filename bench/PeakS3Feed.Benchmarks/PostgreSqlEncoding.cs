using BenchmarkDotNet.Attributes;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Benchmarks;

/// <summary>Encodes one batch of 16,384 rows in PostgreSQL's binary format.</summary>
[MemoryDiagnoser]
public class PostgreSqlEncoding
{
    private readonly PgEncoder _encoder = new();
    private RowBatch _batch = null!;

    [GlobalSetup]
    public async Task SetupAsync() => _batch = await Rows.AssembleAsync(FileType.Csv, Rows.Text(FileType.Csv));

    [GlobalCleanup]
    public void Cleanup() => _encoder.Dispose();

    [Benchmark]
    public long Encode()
    {
        var bytes = 0L;
        for (var row = 0; row < _batch.Count;)
        {
            row += _encoder.Encode(_batch, row, _batch.Count, tail: [], tailFields: 0, order: null);
            bytes += _encoder.Written.Length;
        }

        return bytes;
    }
}
