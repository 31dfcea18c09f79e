namespace PeakS3Feed.Bench.S3;

/// <summary>The peer of loading many objects: a loop of the SDK's GET requests, eight at a time, that discards the bodies.</summary>
internal static class SdkGets
{
    private const int AtOnce = 8;

    /// <summary>Returns the number of bytes.</summary>
    public static async Task<long> ReadAsync(string url, string bucket, int count)
    {
        using var client = S3Access.Client(url);
        var bytes = 0L;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellationToken) =>
        {
            using var response = await client.GetObjectAsync(bucket, SmallObjects.Key(number), cancellationToken);
            await response.ResponseStream.CopyToAsync(Stream.Null, cancellationToken);
            Interlocked.Add(ref bytes, response.ContentLength);
        });
        return bytes;
    }

    /// <summary>Reads one object on one connection. Returns the number of bytes.</summary>
    public static async Task<long> DrainAsync(string url, string bucket, string key)
    {
        using var client = S3Access.Client(url);
        using var response = await client.GetObjectAsync(bucket, key);
        await response.ResponseStream.CopyToAsync(Stream.Null, 1 << 20);
        return response.ContentLength;
    }
}
