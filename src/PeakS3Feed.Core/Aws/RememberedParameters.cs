using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal.Auth;
using Amazon.S3.Internal;
using Amazon.S3.Model;

namespace PeakS3Feed.Aws;

/// <summary>
/// Caches what the SDK's rules of endpoints are asked for a GET (see <see cref="RememberedEndpoint"/>). No rule depends on the object's key, so all
/// GETs of a bucket ask the same. The SDK's method that collects it knows every request of S3, and is so large that compiling it takes 14 MiB.
/// </summary>
internal sealed class RememberedParameters : AmazonS3EndpointResolver
{
    private Answer? _last;

    /// <inheritdoc/>
    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext)
    {
        if (requestContext.OriginalRequest is not GetObjectRequest get)
            return base.MapEndpointsParameters(requestContext);
        if (_last is { } last && string.Equals(last.Bucket, get.BucketName, StringComparison.Ordinal))
            return last.Parameters;
        var parameters = base.MapEndpointsParameters(requestContext);
        _last = new(get.BucketName, parameters);
        return parameters;
    }

    /// <summary>Finds the signature's scheme, for which the SDK resolves the endpoint another time.</summary>
    internal sealed class Schemes(RememberedParameters endpoints) : AmazonS3AuthSchemeHandler
    {
        /// <inheritdoc/>
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext)
            => RetrieveSchemesFromEndpoint(endpoints.GetEndpoint(executionContext)) ?? base.ResolveAuthOptions(executionContext);
    }

    private sealed record Answer(string Bucket, EndpointParameters Parameters);
}
