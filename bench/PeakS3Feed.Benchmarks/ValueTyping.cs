using BenchmarkDotNet.Attributes;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Benchmarks;

/// <summary>One value of each type, from bytes.</summary>
public class ValueTyping
{
    private readonly byte[] _bigint = "10000123456"u8.ToArray();
    private readonly byte[] _decimal = "-81243.04"u8.ToArray();
    private readonly byte[] _date = "2025-01-14"u8.ToArray();
    private readonly byte[] _timestampTz = "2025-01-14T08:15:30Z"u8.ToArray();
    private readonly byte[] _double = "-81243.04e-3"u8.ToArray();
    private readonly byte[] _boolean = "false"u8.ToArray();

    [Benchmark]
    public bool BigInt() => BigIntValue.TryParse(_bigint, out _);

    [Benchmark]
    public bool Decimal() => DecimalValue.TryParse(_decimal, 2, out _);

    [Benchmark]
    public bool Date() => IsoTime.TryParseDate(_date, out _);

    [Benchmark]
    public bool TimestampTz() => IsoTime.TryParseTimestampTz(_timestampTz, out _);

    [Benchmark]
    public bool Double() => DoubleValue.TryParse(_double, out _);

    [Benchmark]
    public bool Boolean() => BooleanValue.TryParse(_boolean, out _);
}
