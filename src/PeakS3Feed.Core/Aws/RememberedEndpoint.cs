using Amazon.Runtime.Endpoints;
using Amazon.S3.Endpoints;

namespace PeakS3Feed.Aws;

/// <summary>
/// Where the SDK's requests go. It finds that out anew for each, twice, by a long list of rules: a good part of what the GET of a small
/// object costs. None of them asks for the object's key, so requests that differ in nothing else go to where the last one went.
/// </summary>
internal sealed class RememberedEndpoint(IEndpointProvider rules) : IEndpointProvider
{
    private Answer? _last;

    /// <inheritdoc/>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters is not S3EndpointParameters asked)
            return rules.ResolveEndpoint(parameters);
        var question = Question.Of(asked);
        if (_last is not { } last || last.Question != question)
        {
            var endpoint = rules.ResolveEndpoint(parameters);
            _last = last = new Answer(question, endpoint.URL, endpoint.Attributes, endpoint.Headers);
        }

        // A new one each time: where a request is for the bucket itself, the SDK adds a slash to its URL.
        return new Endpoint(last.Url) { Attributes = last.Attributes, Headers = last.Headers };
    }

    private sealed record Answer(Question Question, string Url, IPropertyBag Attributes, IDictionary<string, IList<string>> Headers);

    // All that the rules ask for. Key, prefix and the source of a copy are for others than us.
    private readonly record struct Question(
        string? Bucket, string? Region, string? Endpoint, bool? Fips, bool? DualStack, bool? PathStyle, bool? Accelerate, bool? GlobalEndpoint,
        bool? ObjectLambda, bool? NoAccessPoints, bool? NoMultiRegion, bool? ArnRegion, bool? ExpressControl, bool? NoExpressSession)
    {
        public static Question Of(S3EndpointParameters p) => new(
            p.Bucket, p.Region, p.Endpoint, p.UseFIPS, p.UseDualStack, p.ForcePathStyle, p.Accelerate, p.UseGlobalEndpoint,
            p.UseObjectLambdaEndpoint, p.DisableAccessPoints, p.DisableMultiRegionAccessPoints, p.UseArnRegion, p.UseS3ExpressControlEndpoint,
            p.DisableS3ExpressSessionAuth);
    }
}
