using System.Text;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

/// <summary>A fake S3 with a bucket "acme", and a source on it that does not wait long.</summary>
internal sealed class S3Harness : IAsyncDisposable
{
    private readonly ListLogger _logger = new();

    private S3Harness(FakeS3 s3, S3Connection connection, TimeProvider time, RetryBudget budget)
    {
        S3 = s3;
        s3.CreateBucket("acme");
        Connection = connection with { EndpointUrl = s3.Url };
        Clients = new AwsClients(Connection, new SourceIdentity("orders", Run), Key, _logger, time, budget);
        Source = new S3ObjectSource(Connection, Clients);
    }

    public static Guid Run { get; } = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");

    public static AccessKey Key { get; } = new("AKIAFAKE", "hushhush");

    /// <summary>Retries soon. Its silence is one that only a hang reaches, since a server on a slow machine may take long to answer.</summary>
    public static RetryBudget Quick { get; } = new(new(4, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)), TestLimits.Hang);

    /// <summary>For tests of silence.</summary>
    public static RetryBudget Impatient { get; } = Quick with { Silence = TimeSpan.FromSeconds(5) };

    public static S3Connection Plain { get; } = new() { Name = "acme", BucketName = "acme", Region = "eu-west-1", ForcePathStyle = true };

    public static S3Connection WithRole { get; } = Plain with { RoleArn = "arn:aws:iam::111122223333:role/ingest", ExternalId = "ext-1" };

    public FakeS3 S3 { get; }

    public S3Connection Connection { get; }

    public AwsClients Clients { get; }

    public IObjectSource Source { get; }

    public IReadOnlyCollection<string> Log => _logger.Lines;

    public static async Task<S3Harness> StartAsync(S3Connection? connection = null, TimeProvider? time = null, RetryBudget? budget = null)
        => new(await FakeS3.StartAsync(), connection ?? Plain, time ?? TimeProvider.System, budget ?? Quick);

    public async Task<SourceObject> PutAsync(string key, string content)
    {
        S3.Put("acme", key, Encoding.UTF8.GetBytes(content));
        return await Source.FindAsync(key, default) ?? throw new InvalidOperationException(key);
    }

    public async Task<List<SourceObject>> ListAsync(string prefix = "")
    {
        var all = new List<SourceObject>();
        await foreach (var o in Source.ListAsync(prefix, default))
            all.Add(o);
        return all;
    }

    public async Task<string> ReadAsync(SourceObject source)
    {
        await using var stream = await Source.OpenAsync(source, default);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public IEnumerable<FakeRequest> Requests(FakeOperation operation) => S3.Requests.Where(r => r.Operation == operation);

    public static async Task<FeedException> FailsAsync(string id, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<FeedException>(action);
        Assert.Equal(id, error.Id);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await S3.DisposeAsync();
    }
}
