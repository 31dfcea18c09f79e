using System.Collections.Concurrent;
using System.Net;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>
/// Counts wrong secrets by address and minute. Correct secrets are never delayed. A partitioned limiter of the framework would keep each address
/// for a minute without a bound, and uses only the system's clock. This class keeps at most 10,000 addresses.
/// </summary>
internal sealed class WrongSecrets(TimeProvider time)
{
    /// <summary>The number of wrong secrets per minute that are answered with 401; further ones get 429.</summary>
    public const int MaxPerMinute = 20;

    /// <summary>The number of addresses that are counted separately. Further addresses share one count.</summary>
    private const int MaxAddresses = 10_000;

    private readonly ConcurrentDictionary<IPAddress, Counter> _counts = new();
    private long _minute;

    /// <summary>Counts a wrong secret.</summary>
    /// <returns>The number of wrong secrets from the address in this minute, including this one.</returns>
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
