using BenchmarkDotNet.Attributes;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Benchmarks;

/// <summary>49,152 rows of JSON, about 11 MiB, typed into batches.</summary>
[MemoryDiagnoser]
public class JsonReading
{
    private byte[] _text = [];

    [Params(FileType.Ndjson, FileType.Json)]
    public FileType Format { get; set; }

    [GlobalSetup]
    public void Setup() => _text = Rows.Text(Format);

    [Benchmark]
    public Task Typed() => Rows.AssembleAsync(Format, _text);
}
