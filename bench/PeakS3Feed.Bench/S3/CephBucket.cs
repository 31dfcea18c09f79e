using Amazon.S3.Model;

namespace PeakS3Feed.Bench.S3;

/// <summary>A bucket of the tests' Ceph with 10,000 objects. Ceph keeps them in memory, so they are uploaded again after a restart.</summary>
internal static class CephBucket
{
    public const string Name = "peaks3feed-bench";

    public static async Task FillAsync(string url, SmallObjects objects)
    {
        using var client = S3Access.Client(url);
        await client.PutBucketAsync(Name);
        if (await SdkListing.CountAsync(url, Name) == objects.Count)
            return;
        await Console.Error.WriteLineAsync($"uploading {objects.Count} objects …");
        var contents = Enumerable.Range(0, objects.Count).Select(n => (Number: n, Content: objects.Content(n)));
        await Parallel.ForEachAsync(contents, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (item, cancellationToken) =>
        {
            using var body = new MemoryStream(item.Content);
            var request = new PutObjectRequest { BucketName = Name, Key = SmallObjects.Key(item.Number), InputStream = body, UseChunkEncoding = false };
            await client.PutObjectAsync(request, cancellationToken);
        });
    }
}
