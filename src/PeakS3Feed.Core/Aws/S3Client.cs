using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Model.Internal.MarshallTransformations;

namespace PeakS3Feed.Aws;

/// <summary>
/// The SDK's client with a faster way to list and to read: requests, signing and errors are the SDK's; pages of a listing are read
/// by us, and so are checksums checked.
/// </summary>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config) : AmazonS3Client(credentials, config)
{
    private readonly InvokeOptions _list = new() { RequestMarshaller = ListObjectsV2RequestMarshaller.Instance, ResponseUnmarshaller = new ListingUnmarshaller() };

    private readonly InvokeOptions _get = new() { RequestMarshaller = new ChecksumAsking(), ResponseUnmarshaller = GetObjectResponseUnmarshaller.Instance };

    /// <summary>One page of a listing.</summary>
    public Task<ListingPage> ListPageAsync(ListObjectsV2Request request, CancellationToken cancellationToken)
        => InvokeAsync<ListingPage>(request, _list, cancellationToken);

    /// <summary>
    /// Reads an object. The answer names its checksum where the service has one, and nobody has checked it; nor was the entity tag taken
    /// for an MD5, as the SDK would, which some servers' are not, and which is slow.
    /// </summary>
    public async Task<GetObjectResponse> GetAsync(GetObjectRequest request, CancellationToken cancellationToken)
    {
        var response = await InvokeAsync<GetObjectResponse>(request, _get, cancellationToken);
        if (response.ResponseStream is HashStream hashing)
            response.ResponseStream = hashing.GetNonWrapperBaseStream();
        return response;
    }
}
