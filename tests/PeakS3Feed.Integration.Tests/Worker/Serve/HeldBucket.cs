using System.Globalization;
using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>
/// A bucket whose last object is held back until the test lets it go. A run that loads it is in mid-load until then, however fast or
/// slow the machine is.
/// </summary>
internal sealed class HeldBucket : IAsyncDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeS3 _s3;

    private HeldBucket(FakeS3 s3) => _s3 = s3;

    /// <summary>Rows in the bucket, with the ids 0 and on.</summary>
    public required long Rows { get; init; }

    /// <summary>Variables of a worker that may read the bucket.</summary>
    public static IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = "AKIAFAKE", ["AWS_SECRET_ACCESS_KEY"] = "hushhush", ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    /// <summary>Makes a bucket of numbered rows.</summary>
    public static async Task<HeldBucket> StartAsync(int files = 4, int rowsPerFile = 25_000)
    {
        var bucket = new HeldBucket(await FakeS3.StartAsync()) { Rows = files * rowsPerFile };
        for (var file = 0; file < files; file++)
        {
            var text = string.Concat(Enumerable.Range(file * rowsPerFile, rowsPerFile).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row},name of row {row}\n")));
            bucket._s3.Put("acme", Key(file), Encoding.UTF8.GetBytes("id,name\n" + text));
        }
        bucket._s3.Faults.Enqueue(new() { Then = bucket.Hold }, FakeOperation.Get, 1, r => r.Key == Key(files - 1));
        return bucket;
    }

    /// <summary>Makes a store's connection <c>lake</c> one to this bucket.</summary>
    public async Task ConnectAsync(FeedEngine engine)
        => await engine.Store.UpdateAsync(d => d with { Connections = [.. d.Connections.Select(Connect)] });

    /// <summary>Waits until a run has asked for the object that is held back; it has read the others by then.</summary>
    public Task ReachedAsync() => _reached.Task.WaitAsync(TestLimits.Hang);

    /// <summary>Lets the object go.</summary>
    public void Release() => _gate.Set();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _s3.DisposeAsync();
        _gate.Dispose();
    }

    private static string Key(int file) => string.Create(CultureInfo.InvariantCulture, $"in/{file:00}.csv");

    private S3Connection Connect(S3Connection connection)
        => connection with { BucketName = "acme", Region = "eu-west-1", EndpointUrl = _s3.Url, ForcePathStyle = true };

    private void Hold()
    {
        _reached.TrySetResult();
        _gate.Wait(TestLimits.Hang);
    }
}
