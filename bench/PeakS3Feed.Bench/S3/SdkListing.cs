using Amazon.S3.Model;

namespace PeakS3Feed.Bench.S3;

/// <summary>The peer of planning: reads a listing to its end with the SDK.</summary>
internal static class SdkListing
{
    /// <summary>Returns the number of keys.</summary>
    public static async Task<long> CountAsync(string url, string bucket)
    {
        using var client = S3Access.Client(url);
        var request = new ListObjectsV2Request { BucketName = bucket };
        var count = 0L;
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(request);
            count += page.S3Objects?.Count ?? 0;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return count;
    }
}
