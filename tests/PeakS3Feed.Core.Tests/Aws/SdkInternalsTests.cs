using System.Reflection;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using Amazon.S3.Endpoints;
using Amazon.S3.Internal;
using Amazon.S3.Model;
using Amazon.S3.Model.Internal.MarshallTransformations;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Aws;

/// <summary>
/// What Aws/S3Client.cs, Aws/ListingReader.cs, Aws/RequestSigner.cs and ServiceFailure.cs take of the AWS SDK's Internal namespaces, which the SDK may change in any version.
/// </summary>
public class SdkInternalsTests
{
    private const string WhatToDo = "A new version of the AWS SDK has changed this. Read in its source how requests are marshalled and answers unmarshalled now, "
        + "adapt Aws/S3Client.cs and Aws/ListingReader.cs, run the tests of Sources and the row plan-listing of bench/run, and then change this list. "
        + "If the way is gone, use AmazonS3Client.ListObjectsV2Async and GetObjectAsync, which are slower. "
        + "Aws/RequestSigner.cs needs the signature of a canonical request alone; SignatureTests check it.";

    // Type, member, and its signature.
    public static TheoryData<Type, string, string> Members => new()
    {
        { typeof(AmazonServiceClient), "InvokeAsync", "System.Threading.Tasks.Task`1[TResponse] InvokeAsync[TResponse](Amazon.Runtime.AmazonWebServiceRequest, Amazon.Runtime.Internal.InvokeOptionsBase, System.Threading.CancellationToken)" },
        { typeof(InvokeOptionsBase), "RequestMarshaller", "Amazon.Runtime.Internal.Transform.IMarshaller`2[Amazon.Runtime.Internal.IRequest,Amazon.Runtime.AmazonWebServiceRequest] RequestMarshaller" },
        { typeof(InvokeOptionsBase), "ResponseUnmarshaller", "Amazon.Runtime.Internal.Transform.ResponseUnmarshaller ResponseUnmarshaller" },
        { typeof(ListObjectsV2RequestMarshaller), "Instance", "Amazon.S3.Model.Internal.MarshallTransformations.ListObjectsV2RequestMarshaller Instance" },
        { typeof(GetObjectRequestMarshaller), "Instance", "Amazon.S3.Model.Internal.MarshallTransformations.GetObjectRequestMarshaller Instance" },
        { typeof(GetObjectResponseUnmarshaller), "Instance", "Amazon.S3.Model.Internal.MarshallTransformations.GetObjectResponseUnmarshaller Instance" },
        { typeof(ListObjectsV2ResponseUnmarshaller), "Unmarshall", "Amazon.Runtime.AmazonWebServiceResponse Unmarshall(Amazon.Runtime.Internal.Transform.XmlUnmarshallerContext)" },
        { typeof(ListObjectsV2ResponseUnmarshaller), "UnmarshallException", "Amazon.Runtime.AmazonServiceException UnmarshallException(Amazon.Runtime.Internal.Transform.XmlUnmarshallerContext, System.Exception, System.Net.HttpStatusCode)" },
        { typeof(XmlUnmarshallerContext), "Stream", "System.IO.Stream Stream" },
        { typeof(HashStream), "GetNonWrapperBaseStream", "System.IO.Stream GetNonWrapperBaseStream()" },
        { typeof(HttpErrorResponseException), "Response", "Amazon.Runtime.Internal.Transform.IWebResponseData Response" },
        { typeof(AWS4Signer), "ComputeSignature", "Amazon.Runtime.Internal.Auth.AWS4SigningResult ComputeSignature(Amazon.Runtime.ImmutableCredentials, System.String, System.DateTime, System.String, System.String, System.String)" },
        { typeof(AWS4SigningResult), "ForAuthorizationHeader", "System.String ForAuthorizationHeader" },
        { typeof(AmazonS3EndpointResolver), "MapEndpointsParameters", "Amazon.Runtime.Endpoints.EndpointParameters MapEndpointsParameters(Amazon.Runtime.IRequestContext)" },
        { typeof(AmazonS3EndpointResolver), "GetEndpoint", "Amazon.Runtime.Endpoints.Endpoint GetEndpoint(Amazon.Runtime.IExecutionContext)" },
        { typeof(AmazonS3AuthSchemeHandler), "ResolveAuthOptions", "System.Collections.Generic.List`1[Amazon.Runtime.Internal.Auth.IAuthSchemeOption] ResolveAuthOptions(Amazon.Runtime.IExecutionContext)" },
        { typeof(AmazonS3AuthSchemeHandler), "RetrieveSchemesFromEndpoint", "System.Collections.Generic.List`1[Amazon.Runtime.Internal.Auth.IAuthSchemeOption] RetrieveSchemesFromEndpoint(Amazon.Runtime.Endpoints.Endpoint)" },
        { typeof(IWebResponseData), "IsHeaderPresent", "Boolean IsHeaderPresent(System.String)" },
        { typeof(IWebResponseData), "GetHeaderValue", "System.String GetHeaderValue(System.String)" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void A_member_is_what_it_was(Type type, string name, string signature)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;
        var found = type.GetMember(name, All).Select(m => m.ToString()).ToList();
        Assert.True(found.Contains(signature, StringComparer.Ordinal), $"{type.FullName} has no \"{signature}\", but: {string.Join("; ", found)}. {WhatToDo}");
    }

    [Fact]
    public void The_unmarshallers_still_derive_from_the_ones_that_read_xml()
    {
        Assert.True(typeof(ListObjectsV2ResponseUnmarshaller).IsAssignableTo(typeof(ResponseUnmarshaller)), WhatToDo);
        Assert.True(typeof(ListObjectsV2ResponseUnmarshaller).GetMethod("Unmarshall", [typeof(XmlUnmarshallerContext)]) is { IsVirtual: true, IsFinal: false }, WhatToDo);
        Assert.True(typeof(HashStream).IsAssignableTo(typeof(Stream)), WhatToDo);
    }

    [Fact]
    public async Task What_the_rules_of_endpoints_are_asked_is_collected_once_for_the_gets_of_a_bucket()
    {
        await using var h = await Sources.S3Harness.StartAsync();
        var config = new AmazonS3Config { ServiceURL = h.S3.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 };
        var rules = new RecordingRules(config.EndpointProvider);
        config.EndpointProvider = rules;
        using var client = new PeakS3Feed.Aws.S3Client(new BasicAWSCredentials("k", "s"), config);
        foreach (var (bucket, key) in new[] { ("acme", "a.csv"), ("acme", "b.csv"), ("other", "a.csv"), ("other", "b.csv"), ("acme", "c.csv") })
            await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(new GetObjectRequest { BucketName = bucket, Key = key }, default));

        Assert.True(rules.Asked.Distinct(ReferenceEqualityComparer.Instance).Count() == 3, $"{rules.Asked.Count} questions. {WhatToDo}");
        Assert.Equal(["acme", "other", "acme"], rules.Asked.Distinct(ReferenceEqualityComparer.Instance).Cast<S3EndpointParameters>().Select(p => p.Bucket));
        Assert.Equal(
            ["/acme/a.csv", "/acme/b.csv", "/other/a.csv", "/other/b.csv", "/acme/c.csv"],
            h.Requests(FakeOperation.Get).Select(g => $"/{g.Bucket}/{g.Key}"));
    }

    [Fact]
    public void A_request_of_a_page_is_marshalled_with_all_that_it_asks_for()
    {
        var request = ListObjectsV2RequestMarshaller.Instance.Marshall(new ListObjectsV2Request
        {
            BucketName = "acme", Prefix = "in/", MaxKeys = 7, ContinuationToken = "t", StartAfter = "a", Delimiter = "/", Encoding = EncodingType.Url,
            OptionalObjectAttributes = ["RestoreStatus"], RequestPayer = RequestPayer.Requester,
        });
        var asked = request.SubResources.Concat(request.ParameterCollection.ToDictionary(p => p.Key, p => (p.Value as StringParameterValue)?.Value ?? "")).ToDictionary(p => p.Key, p => p.Value ?? "");
        Assert.True(
            asked.GetValueOrDefault("prefix") == "in/" && asked.GetValueOrDefault("max-keys") == "7" && asked.GetValueOrDefault("continuation-token") == "t"
                && asked.GetValueOrDefault("start-after") == "a" && asked.GetValueOrDefault("delimiter") == "/" && asked.GetValueOrDefault("encoding-type") == "url"
                && request.Headers.TryGetValue("x-amz-optional-object-attributes", out var attributes) && attributes == "RestoreStatus"
                && request.Headers.TryGetValue("x-amz-request-payer", out var payer) && payer == "requester",
            $"{string.Join(", ", asked)}; {string.Join(", ", request.Headers)}. {WhatToDo}");
    }

    [Fact]
    public async Task An_object_is_read_from_the_connection_itself_without_the_SDKs_check()
    {
        await using var h = await Sources.S3Harness.StartAsync();
        await h.PutAsync("a.csv", "one");
        var session = await h.Clients.GetS3Async(default);
        using var response = await session.Client.GetAsync(new GetObjectRequest { BucketName = "acme", Key = "a.csv" }, default);
        Assert.True(response.ResponseStream is not HashStream && !response.ResponseStream.GetType().Name.Contains("Checksum", StringComparison.Ordinal), WhatToDo);
    }

    private sealed class RecordingRules(IEndpointProvider rules) : IEndpointProvider
    {
        public List<object> Asked { get; } = [];

        public Endpoint ResolveEndpoint(EndpointParameters parameters)
        {
            Asked.Add(parameters);
            return rules.ResolveEndpoint(parameters);
        }
    }
}
