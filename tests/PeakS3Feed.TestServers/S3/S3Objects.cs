using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace PeakS3Feed.TestServers.S3;

/// <summary>The objects of an S3 server, read with one key pair.</summary>
/// <param name="endpoint">The server's address.</param>
/// <param name="accessKey">The key.</param>
/// <param name="secretKey">The key's secret.</param>
public sealed class S3Objects(string endpoint, string accessKey, string secretKey) : IDisposable
{
    private readonly AmazonS3Client _client = new(
        new BasicAWSCredentials(accessKey, secretKey),
        new AmazonS3Config { ServiceURL = endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });

    /// <summary>Opens an object.</summary>
    /// <exception cref="AmazonS3Exception">It is missing, or may not be read.</exception>
    public Task<GetObjectResponse> OpenAsync(string bucket, string key, CancellationToken ct) => _client.GetObjectAsync(bucket, key, ct);

    /// <summary>The objects whose keys begin with a prefix, in the order of their keys.</summary>
    public async Task<IReadOnlyList<S3Object>> ListAsync(string bucket, string prefix, CancellationToken ct)
    {
        var found = new List<S3Object>();
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, ct);
            found.AddRange(page.S3Objects ?? []);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated is true);
        return found;
    }

    public void Dispose() => _client.Dispose();
}
