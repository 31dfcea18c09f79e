using Amazon.S3.Model;

namespace PeakS3Feed.Bench.S3;

/// <summary>Empties a bucket, and copies objects from it to check them.</summary>
internal static class BucketCopy
{
    /// <summary>Deletes all objects.</summary>
    public static async Task EmptyAsync(string url, string bucket)
    {
        using var client = S3Access.Client(url);
        await foreach (var item in client.Paginators.ListObjectsV2(new() { BucketName = bucket }).S3Objects)
            await client.DeleteObjectAsync(bucket, item.Key);
    }

    /// <summary>Copies the objects whose keys end in a text to a folder, by numbers.</summary>
    public static async Task DownloadAsync(string url, string bucket, string ending, string folder)
    {
        using var client = S3Access.Client(url);
        var number = 0;
        await foreach (var item in client.Paginators.ListObjectsV2(new() { BucketName = bucket }).S3Objects)
        {
            if (!item.Key.EndsWith(ending, StringComparison.Ordinal) || item.Key.Contains("/_", StringComparison.Ordinal))
                continue;
            using var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = item.Key });
            await using var file = File.Create(Path.Combine(folder, $"{number++}{ending}"));
            await response.ResponseStream.CopyToAsync(file);
        }
    }
}
