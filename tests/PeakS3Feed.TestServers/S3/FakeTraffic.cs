using System.Diagnostics;

namespace PeakS3Feed.TestServers.S3;

/// <summary>Measures the requests of a fake server, in memory that does not grow with their number.</summary>
public sealed class FakeTraffic
{
    /// <summary>The size of the smallest body whose rate counts, in bytes. A smaller one is over before a clock can tell.</summary>
    public const int LargeBody = 1 << 20;

    private const double DelayStep = 0.1; // milliseconds
    private const double RateStep = 100_000; // bytes a second

    private readonly Lock _lock = new();
    private readonly int[] _delays = new int[100_000];
    private readonly int[] _rates = new int[100_000];
    private (long Requests, long Lists, long Refused, long Bytes, int Now, int AtOnce) _sum;
    private (long Second, int Count) _second;

    /// <summary>The requests that are not finished. A client may have all of an answer a moment before the server counts it.</summary>
    public int Active
    {
        get
        {
            lock (_lock)
                return _sum.Now;
        }
    }

    /// <summary>Returns what was measured since the start or since <see cref="Clear"/>.</summary>
    public FakeFigures Read()
    {
        lock (_lock)
        {
            return new(_sum.Requests, _sum.Lists, _sum.Refused, _sum.Bytes, _sum.AtOnce, Quantile(_delays, 0.5) * DelayStep,
                Quantile(_delays, 0.95) * DelayStep, Quantile(_rates, 0.5) * RateStep);
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Array.Clear(_delays);
            Array.Clear(_rates);
            _sum = (0, 0, 0, 0, _sum.Now, _sum.Now);
        }
    }

    /// <summary>Counts a request that begins. Returns false for one beyond the limit of this second.</summary>
    internal bool Begin(FakeRequest request, int mostPerSecond)
    {
        lock (_lock)
        {
            _sum.Requests++;
            _sum.Lists += request.Operation == FakeOperation.List ? 1 : 0;
            _sum.AtOnce = Math.Max(_sum.AtOnce, ++_sum.Now);
            var second = Stopwatch.GetTimestamp() / Stopwatch.Frequency;
            _second = second == _second.Second ? (second, _second.Count + 1) : (second, 1);
            var answers = mostPerSecond == 0 || _second.Count <= mostPerSecond;
            _sum.Refused += answers ? 0 : 1;
            return answers;
        }
    }

    internal void FirstByte(TimeSpan delay)
    {
        lock (_lock)
            Count(_delays, delay.TotalMilliseconds / DelayStep);
    }

    internal void Body(long bytes, TimeSpan took)
    {
        lock (_lock)
        {
            _sum.Bytes += bytes;
            if (bytes >= LargeBody && took > TimeSpan.Zero)
                Count(_rates, bytes / took.TotalSeconds / RateStep);
        }
    }

    internal void End()
    {
        lock (_lock)
            _sum.Now--;
    }

    private static void Count(int[] counts, double at) => counts[(int)Math.Clamp(Math.Round(at), 0, counts.Length - 1)]++;

    private static int Quantile(int[] counts, double share)
    {
        var wanted = counts.Sum(c => (long)c) * share;
        var (at, seen) = (0, 0L);
        while (at < counts.Length - 1 && (seen += counts[at]) < wanted)
            at++;
        return wanted == 0 ? 0 : at;
    }
}
