using BenchmarkDotNet.Attributes;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Benchmarks;

/// <summary>One batch of 16,384 rows in PostgreSQL's binary form.</summary>
[MemoryDiagnoser]
public class PostgreSqlEncoding
{
    private readonly PgBuffer _buffer = new();
    private RowBatch _batch = null!;

    [GlobalSetup]
    public async Task SetupAsync() => _batch = await Rows.AssembleAsync(FileType.Csv, Rows.Text(FileType.Csv));

    [GlobalCleanup]
    public void Cleanup() => _buffer.Dispose();

    [Benchmark]
    public int Encode()
    {
        _buffer.Clear();
        for (var row = 0; row < _batch.Count; row++)
        {
            _buffer.Int16((short)_batch.Columns.Length);
            foreach (var column in _batch.Columns)
                PgEncoder.Field(_buffer, column, row);
        }

        return _buffer.Length;
    }
}
