using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace PeakS3Feed.Integration.S3;

/// <summary>What a policy for listing and reading one folder must not allow, each as a call that works for the bucket's owner.</summary>
internal static class ForbiddenCalls
{
    public static async Task<List<(string Name, Func<AmazonS3Client, Task> Call)>> ListAsync(PolicyWorld world)
    {
        var (bucket, other, root) = (world.Bucket, world.OtherBucket, world.Prefix);
        var key = root + "a.csv";
        var version = (await world.Owner.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket, Prefix = key })).Versions[0].VersionId;
        List<(string, Func<AmazonS3Client, Task>)> calls =
        [
            ("list another bucket", s3 => ListAsync(s3, other, root)),
            ("get from another bucket", s3 => GetAsync(s3, other, key)),
            ("put", s3 => PutAsync(s3, bucket, root + "new.csv")),
            ("put over", s3 => PutAsync(s3, bucket, root + "deep er/b+%.csv")),
            ("get an object's ACL", s3 => s3.GetObjectAclAsync(new() { BucketName = bucket, Key = key })),
            ("put an object's ACL", s3 => s3.PutObjectAclAsync(new() { BucketName = bucket, Key = key, ACL = S3CannedACL.Private })),
            ("get the bucket's ACL", s3 => s3.GetBucketAclAsync(new GetBucketAclRequest { BucketName = bucket })),
            ("put the bucket's ACL", s3 => s3.PutBucketAclAsync(new PutBucketAclRequest { BucketName = bucket, ACL = S3CannedACL.Private })),
            ("get the bucket's location", s3 => s3.GetBucketLocationAsync(bucket)),
            ("get the bucket's versioning", s3 => s3.GetBucketVersioningAsync(bucket)),
            ("list versions", s3 => s3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket, Prefix = root })),
            ("get a version", s3 => GetAsync(s3, bucket, key, version)),
            ("delete", s3 => s3.DeleteObjectAsync(bucket, key)),
            ("delete a version", s3 => s3.DeleteObjectAsync(bucket, key, version)),
        ];
        if (root.Length > 0)
            calls.InsertRange(0, await OutsideAsync(world));
        return calls;
    }

    // For the whole bucket there is no outside.
    private static async Task<List<(string, Func<AmazonS3Client, Task>)>> OutsideAsync(PolicyWorld world)
    {
        var (bucket, root) = (world.Bucket, world.Prefix);
        var (sibling, parent) = (root[..^1] + "-2/", root[..(root[..^1].LastIndexOf('/') + 1)]);
        foreach (var folder in new[] { sibling, "elsewhere/", parent })
            await world.PutAsync(bucket, folder + "x.csv", "id\n1\n");
        return
        [
            ("list without a prefix", s3 => ListAsync(s3, bucket, prefix: null)),
            ("list without a prefix, old way", s3 => s3.ListObjectsAsync(new ListObjectsRequest { BucketName = bucket })),
            ("list with an empty prefix", s3 => ListAsync(s3, bucket, "")),
            ("list another prefix", s3 => ListAsync(s3, bucket, "elsewhere/")),
            ("list a sibling that begins alike", s3 => ListAsync(s3, bucket, sibling)),
            ("list what begins like the root", s3 => ListAsync(s3, bucket, root[..^1])),
            ("list the parent", s3 => ListAsync(s3, bucket, parent)),
            ("get from another prefix", s3 => GetAsync(s3, bucket, "elsewhere/x.csv")),
            ("get from a sibling that begins alike", s3 => GetAsync(s3, bucket, sibling + "x.csv")),
            ("get from the parent", s3 => GetAsync(s3, bucket, parent + "x.csv")),
        ];
    }

    private static Task ListAsync(AmazonS3Client s3, string bucket, string? prefix)
        => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = prefix });

    private static async Task GetAsync(AmazonS3Client s3, string bucket, string key, string? version = null)
    {
        using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, VersionId = version });
    }

    private static Task PutAsync(AmazonS3Client s3, string bucket, string key) => s3.PutObjectAsync(new PutObjectRequest
    {
        BucketName = bucket, Key = key, UseChunkEncoding = false, InputStream = new MemoryStream(Encoding.UTF8.GetBytes("id\n1\n")),
    });
}
