using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.TestServers.S3;

/// <summary>
/// An S3 and STS server in memory, on a loopback port of its own, that does what a real one cannot be made to do:
/// break on demand. It lists and reads with the bucket in the path; it checks no signatures, but does check that a
/// session's key and token belong together.
/// <code>
/// await using var s3 = await FakeS3.StartAsync();
/// s3.Put("acme", "in/a.csv", "id\n1\n"u8.ToArray());
/// s3.Faults.Enqueue(Fault.SlowDown, FakeOperation.List, times: 2);
/// </code>
/// </summary>
public sealed class FakeS3 : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FakeBucket> _buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private LoopbackServer? _server;

    private FakeS3()
    {
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:port</c>.</summary>
    public string Url => _server?.Url ?? "";

    /// <summary>The most keys of a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Whether it ignores start-after in listings, as other servers may.</summary>
    public bool IgnoresStartAfter { get; set; }

    /// <summary>What goes wrong next.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>Its sessions.</summary>
    public FakeSts Sts { get; } = new();

    /// <summary>Whether requests are kept in <see cref="Requests"/>; switch it off for very long listings.</summary>
    public bool Records { get; set; } = true;

    /// <summary>
    /// Whether a page of a listing that follows another is kept and sent again, about 250 bytes for each object: for measuring, so that the
    /// server costs little beside its client. Only for buckets that do not change but by <see cref="Generate"/>.
    /// </summary>
    public bool KeepsPages { get; set; }

    /// <summary>The network that answers go through; without delay and limits unless set. May be changed between requests.</summary>
    public FakeNetwork Network { get; set; } = new();

    /// <summary>What the server measured.</summary>
    public FakeTraffic Traffic { get; } = new();

    /// <summary>What was asked so far, in order.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>Starts one.</summary>
    /// <param name="certificate">The certificate to speak TLS with; null to speak plain HTTP.</param>
    public static async Task<FakeS3> StartAsync(X509Certificate2? certificate = null)
    {
        var s3 = new FakeS3();
        s3._server = await LoopbackServer.StartAsync(s3.AnswerAsync, certificate);
        return s3;
    }

    /// <summary>Makes a bucket, or finds it.</summary>
    public void CreateBucket(string bucket) => Bucket(bucket);

    /// <summary>Puts an object; its ETag is the MD5 of its bytes.</summary>
    public FakeObject Put(string bucket, string key, ReadOnlyMemory<byte> content, DateTimeOffset? lastModified = null)
        => Put(bucket, FakeObject.Create(key, content, lastModified));

    /// <summary>Puts an object as it is given.</summary>
    public FakeObject Put(string bucket, FakeObject item)
    {
        Bucket(bucket).Put(item);
        return item;
    }

    /// <summary>Deletes an object.</summary>
    public void Remove(string bucket, string key) => Bucket(bucket).Remove(key);

    /// <summary>Makes a bucket whose objects are generated when they are asked for; their keys must ascend with the index. The
    /// function is called by several threads at once.</summary>
    public void Generate(string bucket, int count, Func<int, FakeObject> generate)
    {
        _buckets[bucket] = new FakeBucket(count, generate);
        Pages.Clear();
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    internal ConcurrentDictionary<string, byte[]> Pages { get; } = new(StringComparer.Ordinal);

    internal FakeBucket? FindBucket(string name) => _buckets.GetValueOrDefault(name);

    private FakeBucket Bucket(string name) => _buckets.GetOrAdd(name, _ => new FakeBucket());

    private async Task AnswerAsync(HttpContext context)
    {
        var (began, network) = (Stopwatch.GetTimestamp(), Network);
        var request = await FakeRequestReader.ReadAsync(context);
        if (Records)
            _requests.Enqueue(request);
        var fault = Traffic.Begin(request, network.MostPerSecond) ? Faults.Take(request) : Fault.SlowDown;
        var body = new PacedBody(context, network, Traffic, began);
        try
        {
            fault?.Then?.Invoke();
            await new FakeAnswer(this, context, request, fault, body).SendAsync();
        }
        finally
        {
            body.End();
            Traffic.End();
        }
    }
}
