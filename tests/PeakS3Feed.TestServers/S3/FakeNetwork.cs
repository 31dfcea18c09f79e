namespace PeakS3Feed.TestServers.S3;

/// <summary>The network between a client and the fake server: what a request waits, and how fast a body arrives.</summary>
public sealed record FakeNetwork
{
    /// <summary>From the request to the first byte of its answer, whatever the answer is.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The bytes of a body that one connection carries in a second; 0 for as many as it can.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>The requests that the server answers in a second. It refuses those beyond with 503 SlowDown; 0 for no limit.</summary>
    public int MostPerSecond { get; init; }
}
