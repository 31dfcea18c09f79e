using BenchmarkDotNet.Attributes;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Benchmarks;

/// <summary>49,152 rows of CSV, 6.5 MiB: finding the fields, and typing them.</summary>
[MemoryDiagnoser]
public class CsvReading
{
    private readonly byte[] _text = Rows.Text(FileType.Csv);

    [Benchmark(Description = "fields, row by row (the careful path)")]
    public async Task<long> Careful()
    {
        await using var reader = await Rows.OpenAsync(FileType.Csv, _text);
        var rows = 0L;
        while (reader.Read() is var result && result != ReadResult.End)
        {
            if (result == ReadResult.NeedsData)
                await reader.FillAsync(CancellationToken.None);
            else
                rows++;
        }

        return rows;
    }

    [Benchmark(Description = "fields, blocks of rows (the fast path)")]
    public async Task<long> Blocks()
    {
        await using var reader = await Rows.OpenAsync(FileType.Csv, _text);
        var rows = 0L;
        while (true)
        {
            if (reader.Ahead() is { } block)
            {
                var count = block.End - block.First;
                reader.Take(count);
                rows += count;
                continue;
            }

            switch (reader.Read())
            {
                case ReadResult.End:
                    return rows;
                case ReadResult.NeedsData:
                    await reader.FillAsync(CancellationToken.None);
                    break;
                default:
                    rows++;
                    break;
            }
        }
    }

    [Benchmark(Description = "typed into batches")]
    public Task Typed() => Rows.AssembleAsync(FileType.Csv, _text);
}
