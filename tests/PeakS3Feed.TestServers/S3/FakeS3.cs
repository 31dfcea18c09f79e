using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
    private readonly WebApplication _server;

    private FakeS3(WebApplication server) => _server = server;

    /// <summary>Where it listens: <c>http://127.0.0.1:port</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The most keys of a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>What goes wrong next.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>Its sessions.</summary>
    public FakeSts Sts { get; } = new();

    /// <summary>Whether requests are kept in <see cref="Requests"/>; switch it off for very long listings.</summary>
    public bool Records { get; set; } = true;

    /// <summary>
    /// Whether a page of a listing that was sent is kept and sent again, about 250 bytes for each object: for measuring, so that the
    /// server costs little beside its client. Only for buckets that do not change but by <see cref="Generate"/>.
    /// </summary>
    public bool KeepsPages { get; set; }

    /// <summary>What was asked so far, in order.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>Starts one.</summary>
    /// <param name="certificate">The certificate to speak TLS with; null to speak plain HTTP.</param>
    public static async Task<FakeS3> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(System.Net.IPAddress.Loopback, 0, o =>
            {
                o.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                    o.UseHttps(certificate);
            });
            k.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var s3 = new FakeS3(app);
        app.Run(s3.AnswerAsync);
        await app.StartAsync();
        s3.Url = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
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

    /// <summary>Makes a bucket whose objects are generated when they are asked for; their keys must ascend with the index.</summary>
    public void Generate(string bucket, int count, Func<int, FakeObject> generate)
    {
        _buckets[bucket] = new FakeBucket(count, generate);
        Pages.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        using var quick = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await _server.StopAsync(quick.Token);
        }
        finally
        {
            await _server.DisposeAsync();
        }
    }

    internal ConcurrentDictionary<string, byte[]> Pages { get; } = new(StringComparer.Ordinal);

    internal FakeBucket? FindBucket(string name) => _buckets.GetValueOrDefault(name);

    private FakeBucket Bucket(string name) => _buckets.GetOrAdd(name, _ => new FakeBucket());

    private async Task AnswerAsync(HttpContext context)
    {
        var request = await FakeRequestReader.ReadAsync(context);
        if (Records)
            _requests.Enqueue(request);
        var fault = Faults.Take(request);
        fault?.Then?.Invoke();
        await new FakeAnswer(this, context, request, fault).SendAsync();
    }
}
