using Amazon.Runtime.Endpoints;
using Amazon.S3.Endpoints;

namespace PeakS3Feed.Aws;

/// <summary>
/// Caches the endpoint of the SDK's last request. The SDK evaluates a long list of rules twice for each request, a large part of the cost of a small
/// GET. No rule depends on the object's key, so a request that differs in nothing else has the same endpoint.
/// </summary>
internal sealed class RememberedEndpoint(IEndpointProvider rules) : IEndpointProvider
{
    private Answer? _last;

    /// <inheritdoc/>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters is not S3EndpointParameters asked)
            return rules.ResolveEndpoint(parameters);
        var question = Question.From(asked);
        if (_last is not { } last || last.Question != question)
        {
            var endpoint = rules.ResolveEndpoint(parameters);
            _last = last = new Answer(question, endpoint.URL, endpoint.Attributes, endpoint.Headers);
        }

        // Creates a new endpoint for each request, because the SDK may add a slash to its URL.
        return new Endpoint(last.Url) { Attributes = last.Attributes, Headers = last.Headers };
    }

    private sealed record Answer(Question Question, string Url, IPropertyBag Attributes, IDictionary<string, IList<string>> Headers);

    // All parameters that the rules use and this program sets.
    private readonly record struct Question(
        string? Bucket, string? Region, string? Endpoint, bool? Fips, bool? DualStack, bool? PathStyle, bool? Accelerate, bool? GlobalEndpoint,
        bool? ObjectLambda, bool? NoAccessPoints, bool? NoMultiRegion, bool? ArnRegion, bool? ExpressControl, bool? NoExpressSession)
    {
        public static Question From(S3EndpointParameters p) => new(
            p.Bucket, p.Region, p.Endpoint, p.UseFIPS, p.UseDualStack, p.ForcePathStyle, p.Accelerate, p.UseGlobalEndpoint,
            p.UseObjectLambdaEndpoint, p.DisableAccessPoints, p.DisableMultiRegionAccessPoints, p.UseArnRegion, p.UseS3ExpressControlEndpoint,
            p.DisableS3ExpressSessionAuth);
    }
}
