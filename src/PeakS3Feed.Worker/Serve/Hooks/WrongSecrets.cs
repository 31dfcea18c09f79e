using System.Collections.Concurrent;
using System.Net;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>
/// Counts wrong secrets by address and minute. Right ones are never delayed by it. A partitioned limiter of the framework would keep each address
/// for a minute, however many there are, and knows no clock but the system's; this one keeps 10,000.
/// </summary>
internal sealed class WrongSecrets(TimeProvider time)
{
    /// <summary>How many are answered with 401 in a minute; the others with 429.</summary>
    public const int MaxPerMinute = 20;

    /// <summary>For so many addresses it is counted; beyond that all are as if they came from one.</summary>
    private const int MaxAddresses = 10_000;

    private readonly ConcurrentDictionary<IPAddress, Counter> _counts = new();
    private long _minute;

    /// <summary>Counts one.</summary>
    /// <returns>How many there were from there in this minute, that one among them.</returns>
    public int Count(IPAddress? from)
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (Interlocked.Exchange(ref _minute, minute) != minute)
            _counts.Clear();
        var address = from is null || (_counts.Count >= MaxAddresses && !_counts.ContainsKey(from)) ? IPAddress.None : from;
        return Interlocked.Increment(ref _counts.GetOrAdd(address, _ => new Counter()).Value);
    }

    private sealed class Counter
    {
        public int Value;
    }
}
