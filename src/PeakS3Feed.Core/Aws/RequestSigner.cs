using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace PeakS3Feed.Aws;

/// <summary>
/// Signs POST requests to the root of a service (AWS Signature Version 4). The SDK computes the signature; <c>SdkInternalsTests</c> lists its
/// internal members that are used.
/// </summary>
internal static class RequestSigner
{
    private const string TokenHeader = "X-Amz-Security-Token";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Adds the headers of the signature. All other headers must be set; each of them is signed.</summary>
    /// <param name="request">A POST request without a query; its path is <c>/</c>.</param>
    /// <param name="body">The bytes of its body.</param>
    /// <param name="endpoint">The service.</param>
    /// <param name="credentials">The credentials that sign.</param>
    /// <param name="signedAt">The time of the signature. The service refuses a difference of more than five minutes from its own clock.</param>
    public static void Sign(
        HttpRequestMessage request, ReadOnlySpan<byte> body, ServiceEndpoint endpoint, ImmutableCredentials credentials, DateTimeOffset signedAt)
    {
        request.Headers.Host = endpoint.Url.Authority;
        request.Headers.Add("X-Amz-Date", signedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        if (credentials.UseToken)
            request.Headers.Add(TokenHeader, credentials.Token);

        var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
            .Select(h => (Name: h.Key.ToLowerInvariant(), Value: string.Join(',', h.Value).Trim()))
            .Where(h => h.Name is "host" or "content-type" || h.Name.StartsWith("x-amz-", StringComparison.Ordinal))
            .OrderBy(h => h.Name, StringComparer.Ordinal)
            .ToList();
        var signed = string.Join(';', headers.Select(h => h.Name));
        var canonical = new StringBuilder("POST\n/\n\n");
        foreach (var (name, value) in headers)
            canonical.Append(name).Append(':').Append(value).Append('\n');
        canonical.Append('\n').Append(signed).Append('\n').Append(Convert.ToHexStringLower(SHA256.HashData(body)));

        var signature = AWS4Signer.ComputeSignature(
            credentials, endpoint.Region, signedAt.UtcDateTime, endpoint.Service, signed, canonical.ToString());
        request.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
    }
}
