using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using Amazon.S3.Internal;
using Amazon.S3.Model;
using Amazon.S3.Model.Internal.MarshallTransformations;

namespace PeakS3Feed.Aws;

/// <summary>
/// The SDK's client with faster listing and reading. Requests, signatures and errors are the SDK's. <see cref="ListingReader"/> parses the pages of a
/// listing, and <c>Sources</c> verifies checksums. <c>SdkInternalsTests</c> lists and checks the SDK's internal members that are used.
/// </summary>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config) : AmazonS3Client(credentials, config)
{
    private readonly InvokeOptions _list = new()
    {
        RequestMarshaller = ListObjectsV2RequestMarshaller.Instance, ResponseUnmarshaller = new ListingReader(),
    };

    private readonly InvokeOptions _get = new()
    {
        RequestMarshaller = new ChecksumRequest(), ResponseUnmarshaller = GetObjectResponseUnmarshaller.Instance,
    };

    /// <summary>Returns one page of a listing.</summary>
    public Task<ListingPage> ListPageAsync(ListObjectsV2Request request, CancellationToken cancellationToken)
        => InvokeAsync<ListingPage>(request, _list, cancellationToken);

    /// <summary>
    /// Reads an object. The response has the checksum of the object if S3 stores one; the caller verifies it. Removes the SDK's check of the entity
    /// tag as an MD5, which is slow, and wrong for servers whose tags are not MD5s.
    /// </summary>
    public async Task<GetObjectResponse> GetAsync(GetObjectRequest request, CancellationToken cancellationToken)
    {
        var response = await InvokeAsync<GetObjectResponse>(request, _get, cancellationToken);
        if (response.ResponseStream is HashStream hashing)
            response.ResponseStream = hashing.GetNonWrapperBaseStream();
        return response;
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        var endpoints = new RememberedParameters();
        pipeline.ReplaceHandler<AmazonS3EndpointResolver>(endpoints);
        pipeline.ReplaceHandler<AmazonS3AuthSchemeHandler>(new RememberedParameters.Schemes(endpoints));
    }

    // Requests an object's checksum without the SDK's option, because the SDK would verify it at a tenth of the speed.
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

/// <summary>An S3 client and the credentials that it signs with.</summary>
internal sealed record S3Session(S3Client Client, ImmutableCredentials? Credentials)
{
    /// <summary>Whether the credentials expire.</summary>
    public bool IsTemporary => Credentials is { UseToken: true };

    /// <summary>Returns a text without credentials.</summary>
    public override string ToString() => IsTemporary ? "a temporary session" : "a session";
}
