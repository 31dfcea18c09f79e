namespace PeakS3Feed.TestServers.S3;

/// <summary>What the fake server measured.</summary>
/// <param name="Requests">All requests.</param>
/// <param name="Lists">The requests for a page of a listing.</param>
/// <param name="Refused">Those that were refused with 503 SlowDown because of <see cref="FakeNetwork.MostPerSecond"/>.</param>
/// <param name="Bytes">The bytes of all bodies.</param>
/// <param name="AtOnce">The most requests at one moment.</param>
/// <param name="DelayMedian">Milliseconds from a request to the first byte of its answer: the median.</param>
/// <param name="DelayP95">The same for the slowest twentieth.</param>
/// <param name="RateMedian">Bytes a second of bodies of at least <see cref="FakeTraffic.LargeBody"/> bytes: the median; 0 without such a body.</param>
public sealed record FakeFigures(
    long Requests, long Lists, long Refused, long Bytes, int AtOnce, double DelayMedian, double DelayP95, double RateMedian);
