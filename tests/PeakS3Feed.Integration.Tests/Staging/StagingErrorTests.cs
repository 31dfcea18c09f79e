using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Remedies;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Staging;

/// <summary>What a person reads if the real server refuses staged files.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StagingErrorTests
{
    private const int MiB = 1024 * 1024;

    [SkippableFact]
    public async Task A_connection_that_may_only_read_cannot_write_or_delete()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = StagingRole.Open(ceph.Connection, ceph.Folder + "stage/");
        await ceph.PutAsync("stage/1", "x");

        var write = await FailsAsync("StagingDenied", () => WriteAsync(area, 1));
        Assert.Equal(
            $"Destination dwh could not write s3://{CephS3.Bucket}/{ceph.Folder}stage/part through its staging connection ceph: access is denied.",
            write.Message);
        Assert.Equal(("ceph", "AccessDenied", FeedErrorCategory.PermissionDenied), (write.Target, write.ServiceCode, write.Category));
        Assert.Contains($"s3:PutObject and s3:AbortMultipartUpload on arn:aws:s3:::{CephS3.Bucket}/{ceph.Folder}stage/*", write.Hint, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(write.RequestId));
        Assert.Equal([Remedy.DestinationPolicy("dwh", "Staging")], write.Remedies);

        Assert.StartsWith("Destination dwh could not write ", (await FailsAsync("StagingDenied", () => WriteAsync(area, 9 * MiB))).Message, StringComparison.Ordinal);
        var delete = await FailsAsync("StagingDenied", () => area.DeleteAsync(["1", "2"], default));
        Assert.Contains($"could not delete files of s3://{CephS3.Bucket}/{ceph.Folder}stage/ through", delete.Message, StringComparison.Ordinal);
        Assert.Contains("s3:DeleteObject on ", delete.Hint, StringComparison.Ordinal);
        Assert.Equal("AccessDenied", delete.ServiceCode);
    }

    [SkippableFact]
    public async Task A_connection_that_may_do_nothing_cannot_read_or_list()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = StagingRole.Open(ceph.Connection with { RoleArn = null, ExternalId = null }, ceph.Folder);
        await ceph.PutAsync("1", "x");

        var read = await FailsAsync("StagingDenied", () => area.OpenAsync("1", default));
        Assert.Contains("could not read s3://", read.Message, StringComparison.Ordinal);
        Assert.Contains("s3:GetObject on ", read.Hint, StringComparison.Ordinal);
        var list = await FailsAsync("StagingDenied", () => area.ListAsync("run/", default).ToListAsync().AsTask());
        Assert.Contains($"could not list s3://{CephS3.Bucket}/{ceph.Folder}run/ through", list.Message, StringComparison.Ordinal);
        Assert.Contains($"s3:ListBucket on the bucket for the prefix {ceph.Folder}*", list.Hint, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_bucket_that_is_missing()
    {
        using var ceph = await CephS3.OpenAsync();
        var missing = Owner(ceph) with { BucketName = "no-such-bucket-" + Guid.NewGuid().ToString("N") };
        foreach (var call in CallsApart(() => StagingRole.Open(missing, "stage/", CephS3.Customer)))
        {
            var error = await FailsAsync("BucketNotFound", call);
            Assert.Equal("NoSuchBucket", error.ServiceCode);
            Assert.StartsWith("Destination dwh could not ", error.Message, StringComparison.Ordinal);
            Assert.Contains("through its staging connection ceph: The bucket no-such-bucket-", error.Message, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task Credentials_that_are_wrong()
    {
        using var ceph = await CephS3.OpenAsync();
        foreach (var (key, id) in new[]
        {
            (new AccessKey(CephS3.Customer.Id, "wrong"), "SignatureRejected"), (new AccessKey("NOSUCHKEY", "wrong"), "AccessKeyUnknown"),
        })
        {
            foreach (var call in CallsApart(() => StagingRole.Open(Owner(ceph), ceph.Folder, key)))
                Assert.StartsWith("Destination dwh could not ", (await FailsAsync(id, call)).Message, StringComparison.Ordinal);
        }
        await using var noRole = StagingRole.Open(ceph.Connection with { RoleArn = "arn:aws:iam:::role/none" }, ceph.Folder);
        var error = await Assert.ThrowsAsync<FeedException>(() => WriteAsync(noRole, 1));
        Assert.Contains(error.Id, new[] { "RoleRefused", "RoleNotFound" });
        Assert.StartsWith("Destination dwh could not write s3://", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.ServiceCode);
        Assert.DoesNotContain(Remedy.TestConnection("ceph"), error.Remedies);
    }

    [SkippableFact]
    public async Task A_file_that_is_gone_and_a_server_that_does_not_answer()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = StagingRole.Open(Owner(ceph), ceph.Folder, CephS3.Customer);
        var gone = await FailsAsync("StagedFileMissing", () => area.OpenAsync("never", default));
        Assert.Contains("lifecycle rule", gone.Hint, StringComparison.Ordinal);

        await using var nowhere = StagingRole.Open(Owner(ceph) with { EndpointUrl = "http://127.0.0.1:1" }, ceph.Folder, CephS3.Customer);
        foreach (var call in Calls(nowhere))
            Assert.Contains("127.0.0.1:1", (await FailsAsync("S3Unreachable", call)).Message, StringComparison.Ordinal);
    }

    private static S3Connection Owner(CephS3 ceph) => ceph.Connection with { RoleArn = null, ExternalId = null };

    private static IEnumerable<Func<Task>> Calls(S3StagingArea area) =>
    [
        () => WriteAsync(area, 1), () => area.OpenAsync("1", default), () => area.ListAsync("", default).ToListAsync().AsTask(),
        () => area.DeleteAsync(["1"], default),
    ];

    // Each over connections of its own: Ceph does not read the body of a request that it refuses, and may take it for the next request.
    private static IEnumerable<Func<Task>> CallsApart(Func<S3StagingArea> open)
    {
        for (var i = 0; i < 4; i++)
        {
            var number = i;
            yield return async () =>
            {
                await using var area = open();
                await Calls(area).ElementAt(number)();
            };
        }
    }

    private static async Task WriteAsync(S3StagingArea area, int bytes)
    {
        await using var file = area.Create("part");
        await file.WriteAsync(new byte[bytes], default);
        await file.CompleteAsync(default);
    }

    private static async Task<FeedException> FailsAsync(string id, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<FeedException>(call);
        Assert.True(error.Id == id, error.ToString());
        return error;
    }
}
