using System.Collections.Concurrent;

namespace PeakS3Feed.SnowflakeServer.Api;

/// <summary>The kinds of requests to the SQL API.</summary>
public enum RequestKind
{
    /// <summary>A statement was submitted.</summary>
    Submit,

    /// <summary>The state of a statement was asked for.</summary>
    Poll,

    /// <summary>A further partition of a result was asked for.</summary>
    Partition,

    /// <summary>A statement was cancelled.</summary>
    Cancel,

    /// <summary>The login was refused.</summary>
    Refused,
}

/// <summary>Counts requests. Safe for concurrent use.</summary>
internal sealed class RequestCounter
{
    private readonly ConcurrentDictionary<RequestKind, long> _counts = new();
    private long _bytes;

    /// <summary>How many there were of each kind.</summary>
    public IReadOnlyDictionary<RequestKind, long> Counts => Enum.GetValues<RequestKind>().ToDictionary(k => k, k => _counts.GetValueOrDefault(k));

    /// <summary>The bytes of all submitted statements' bodies.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Count(RequestKind kind, long bytes = 0)
    {
        _counts.AddOrUpdate(kind, 1, (_, n) => n + 1);
        Interlocked.Add(ref _bytes, bytes);
    }
}
