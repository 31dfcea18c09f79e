using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Staging;

/// <summary>Staged files in a bucket of the real server.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class S3StagingTests : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private CephS3? _ceph;
    private S3StagingArea? _area;

    private S3StagingArea Area => _area!;

    public async Task InitializeAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3")))
            return;
        _ceph = await CephS3.OpenAsync();
        var connection = _ceph.Connection with { RoleArn = null, ExternalId = null };
        var clients = new AwsClients(
            connection, new SourceIdentity("orders", Guid.NewGuid()), CephS3.Customer, NullLoggerFactory.Instance, TimeProvider.System);
        _area = new S3StagingArea(connection, _ceph.Folder + "stage/", clients, NullLogger.Instance, "dwh");
    }

    public async Task DisposeAsync()
    {
        if (_area is not null)
            await _area.DisposeAsync();
        _ceph?.Dispose();
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8 * MiB)]
    [InlineData((8 * MiB) + 1)]
    [InlineData(20 * MiB)]
    public async Task What_is_written_is_read_back_whole(int bytes)
    {
        ThrowIfNoServer();
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        await using (var file = Area.Create("part"))
        {
            for (var at = 0; at < bytes; at += 3 * MiB)
                await file.WriteAsync(content.AsMemory(at, Math.Min(3 * MiB, bytes - at)), default);
            await file.CompleteAsync(default);
        }

        await using var stream = await Area.OpenAsync("part", default);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Assert.True(content.AsSpan().SequenceEqual(read.ToArray()));
        var found = Assert.Single(await Area.ListAsync("", default).ToListAsync());
        Assert.Equal(("part", (long)bytes), (found.Name, found.Bytes));
        Assert.Empty(await UploadsAsync());
    }

    [SkippableTheory]
    [InlineData(1 * MiB)]
    [InlineData(20 * MiB)]
    public async Task What_is_not_completed_leaves_neither_an_object_nor_an_upload(int bytes)
    {
        ThrowIfNoServer();
        await using (var file = Area.Create("part"))
            await file.WriteAsync(new byte[bytes], default);

        Assert.Empty(await Area.ListAsync("", default).ToListAsync());
        Assert.Empty(await UploadsAsync());
    }

    [SkippableFact]
    public async Task Files_are_deleted_by_name_and_one_that_is_gone_is_no_error()
    {
        ThrowIfNoServer();
        foreach (var name in (string[])["a/1", "a/2", "b/1"])
        {
            await using var file = Area.Create(name);
            await file.WriteAsync(new byte[] { 1 }, default);
            await file.CompleteAsync(default);
        }

        await Area.DeleteAsync(["a/1", "a/never"], default);

        Assert.Equal(["a/2"], await Area.ListAsync("a/", default).Select(f => f.Name).ToListAsync());
        Assert.Equal(2, await Area.ListAsync("", default).CountAsync());
        Assert.Equal($"s3://{CephS3.Bucket}/{_ceph!.Folder}stage/a/2", Area.GetUri("a/2"));
    }

    [SkippableFact]
    public async Task An_upload_that_is_completed_twice_because_an_answer_was_lost_is_complete()
    {
        ThrowIfNoServer();
        await using var file = Area.Create("part");
        await file.WriteAsync(new byte[9 * MiB], default);
        await file.CompleteAsync(default);

        await file.CompleteAsync(default);

        Assert.Equal(9L * MiB, Assert.Single(await Area.ListAsync("", default).ToListAsync()).Bytes);
    }

    private void ThrowIfNoServer() => Skip.If(_area is null, "PEAKS3FEED_TEST_S3 is not set: no S3 server to test against");

    private async Task<IReadOnlyList<MultipartUpload>> UploadsAsync()
    {
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
            new AmazonS3Config { ServiceURL = _ceph!.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = CephS3.Bucket, Prefix = _ceph.Folder });
        return uploads.MultipartUploads ?? [];
    }
}
