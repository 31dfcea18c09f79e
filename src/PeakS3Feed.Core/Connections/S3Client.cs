using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Model.Internal.MarshallTransformations;

namespace PeakS3Feed.Connections;

/// <summary>The SDK's client with a faster way to list: requests, signing and errors are the SDK's, only the pages are read by us.</summary>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config) : AmazonS3Client(credentials, config)
{
    /// <summary>One page of a listing.</summary>
    public Task<ListingPage> ListPageAsync(ListObjectsV2Request request, CancellationToken cancellationToken) => InvokeAsync<ListingPage>(
        request,
        new InvokeOptions { RequestMarshaller = ListObjectsV2RequestMarshaller.Instance, ResponseUnmarshaller = new ListingUnmarshaller() },
        cancellationToken);
}
