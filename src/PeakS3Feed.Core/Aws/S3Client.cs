using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Model.Internal.MarshallTransformations;

namespace PeakS3Feed.Aws;

/// <summary>
/// The SDK's client with a faster way to list and to read. Requests, signatures and errors are the SDK's; <see cref="ListingReader"/> reads the
/// pages of a listing, and <c>Sources</c> checks checksums. What this takes of the SDK's internals is listed and checked by
/// <c>SdkInternalsTests</c>.
/// </summary>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config) : AmazonS3Client(credentials, config)
{
    private readonly InvokeOptions _list = new() { RequestMarshaller = ListObjectsV2RequestMarshaller.Instance, ResponseUnmarshaller = new ListingReader() };
    private readonly InvokeOptions _get = new() { RequestMarshaller = new ChecksumRequest(), ResponseUnmarshaller = GetObjectResponseUnmarshaller.Instance };

    /// <summary>One page of a listing.</summary>
    public Task<ListingPage> ListPageAsync(ListObjectsV2Request request, CancellationToken cancellationToken)
        => InvokeAsync<ListingPage>(request, _list, cancellationToken);

    /// <summary>
    /// Reads an object. The answer names its checksum where the service has one; nothing has checked it. The SDK's own check of the entity tag as
    /// an MD5 is taken off: it is slow, and some servers' tags are no MD5.
    /// </summary>
    public async Task<GetObjectResponse> GetAsync(GetObjectRequest request, CancellationToken cancellationToken)
    {
        var response = await InvokeAsync<GetObjectResponse>(request, _get, cancellationToken);
        if (response.ResponseStream is HashStream hashing)
            response.ResponseStream = hashing.GetNonWrapperBaseStream();
        return response;
    }

    // Asks for an object's checksum without the SDK's knowledge, which would check it itself at a tenth of the speed.
    private sealed class ChecksumRequest : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var request = GetObjectRequestMarshaller.Instance.Marshall(input);
            request.Headers["x-amz-checksum-mode"] = "ENABLED";
            return request;
        }
    }
}

/// <summary>An S3 client and the one set of credentials that it signs with.</summary>
internal sealed record S3Session(S3Client Client, ImmutableCredentials? Credentials)
{
    /// <summary>Whether the credentials expire.</summary>
    public bool IsTemporary => Credentials is { UseToken: true };

    /// <summary>Shows no credentials.</summary>
    public override string ToString() => IsTemporary ? "a temporary session" : "a session";
}
