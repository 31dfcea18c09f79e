using System.Globalization;
using System.IO.Compression;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Objects in a bucket, and a store whose feed may have a warehouse load them itself.</summary>
public sealed class DirectScene : IAsyncDisposable
{
    public const string Bucket = "direct-source";

    private readonly TestFolder _folder = new();
    private readonly AmazonS3Client _s3;

    private DirectScene(string endpoint) => _s3 = new AmazonS3Client(
        new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
        new AmazonS3Config { ServiceURL = endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });

    public WarehouseDatabase Database { get; private set; } = null!;

    public TestStore Store { get; private set; } = null!;

    /// <summary>The folder of the objects, ending in a slash.</summary>
    public string Path { get; } = string.Create(CultureInfo.InvariantCulture, $"in/{Guid.NewGuid():N}/");

    /// <summary>Starts a scene whose feed has the columns id and name, and loads objects directly; skips the test without the servers.</summary>
    /// <param name="way">The way to the warehouse.</param>
    /// <param name="path">The path that the destination asks for.</param>
    /// <param name="configure">Changes the feed.</param>
    /// <param name="endpoint">The S3 server; null for Ceph.</param>
    public static async Task<DirectScene> StartAsync(
        Way way, LoadPath path = LoadPath.Auto, Func<S3Feed, S3Feed>? configure = null, string? endpoint = null)
    {
        var s3 = endpoint ?? Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(string.IsNullOrEmpty(s3), "PEAKS3FEED_TEST_S3 is not set: no S3 server to test against");
        var scene = new DirectScene(s3!);
        if (endpoint is null)
            await scene._s3.PutBucketAsync(Bucket);
        scene.Database = await WarehouseDatabase.CreateAsync(scene._folder, way, endpoint);
        var objects = new S3Connection
        {
            Name = "objects", BucketName = Bucket, EndpointUrl = s3, ForcePathStyle = true, Region = "us-east-1", ProfileName = AwsProfile.Name,
            Status = ConnectionStatus.Verified,
        };
        scene.Store = await TestStore.CreateAsync(
            scene._folder.File("store"), scene._folder.Sub("nothing"), scene.Database.LoadDirectly(Bucket, path),
            f => (configure ?? (g => g))(Direct(f, scene.Path)), [.. scene.Database.Connections, objects]);
        return scene;
    }

    public Task PutAsync(string name, string text) => PutAsync(name, Encoding.UTF8.GetBytes(text));

    public async Task PutAsync(string name, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await _s3.PutObjectAsync(new() { BucketName = Bucket, Key = Path + name, InputStream = stream, UseChunkEncoding = false });
    }

    public async Task PutPackedAsync(string name, string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        await PutAsync(name, packed.ToArray());
    }

    public Task DeleteAsync(string name) => _s3.DeleteObjectAsync(Bucket, Path + name);

    /// <summary>Runs the feed, which must succeed, and returns how the objects reached the warehouse.</summary>
    public async Task<string?> LoadAsync(ICommitObserver? observer = null)
    {
        var run = await Store.RunAsync(observer);
        Assert.True(run.Run.Status is RunStatus.Succeeded or RunStatus.NothingToDo, run.Error?.ToString());
        return run.Run.LoadPath;
    }

    /// <summary>Runs the feed, which must fail.</summary>
    public async Task<RunResult> FailAsync(string errorId, ICommitObserver? observer = null)
    {
        var run = await Store.RunAsync(observer);
        Assert.Equal((RunStatus.Failed, errorId), (run.Run.Status, run.Run.ErrorId));
        return run;
    }

    /// <summary>The rows of the table, in the order of their first column and then the others; NULL is ∅.</summary>
    public async Task<List<string>> RowsAsync(string columns = "id, name")
        => await TableExistsAsync() ? [.. (await Database.RowsAsync($"SELECT {columns} FROM orders")).Order(StringComparer.Ordinal)] : [];

    /// <summary>Each object is in the ledger once, the runs are as the ledger says, and nothing is left behind.</summary>
    public async Task MustBeCleanAsync(int objects)
    {
        Assert.Equal(NothingToDo, (await Store.RunAsync()).Run.Status);
        Assert.Equal([$"{objects}"], await Database.RowsAsync("SELECT COUNT(*) FROM peaks3feed_file"));
        Assert.Empty(await Database.StagedAsync());
        Assert.Empty(await Database.StagingTablesAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _s3.Dispose();
        _folder.Dispose();
    }

    private static RunStatus NothingToDo => RunStatus.NothingToDo;

    private async Task<bool> TableExistsAsync() => (await Database.FindTablesAsync("orders")).Count > 0;

    private static S3Feed Direct(S3Feed feed, string path) => feed with
    {
        ConnectionName = "objects", Path = path, AuditColumns = AuditColumns.None, Csv = new CsvOptions { EmptyAsNull = true },
        OnChangedObject = ChangedObjectAction.Append,
        Schema = new FeedSchema([new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text)]),
    };
}
