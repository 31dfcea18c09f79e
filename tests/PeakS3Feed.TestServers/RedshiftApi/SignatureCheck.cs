using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.TestServers.RedshiftApi;

/// <summary>
/// Computes AWS Signature Version 4 from a request as it arrived, independently of the SDK. It serves requests without a query.
/// </summary>
public static class SignatureCheck
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Returns what is wrong with the signature of a request; null for nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="secret">The secret of its access key.</param>
    /// <param name="now">The server's time, from which that of the signature may differ by five minutes.</param>
    public static string? Find(ApiRequest request, string secret, DateTimeOffset now)
    {
        if (Authorization.Parse(request.Header("Authorization")) is not { } authorization)
            return "The Authorization header is missing or malformed.";
        var stamp = request.Header("X-Amz-Date") ?? "";
        if (!DateTimeOffset.TryParseExact(
            stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signedAt))
            return "The date is missing or malformed.";
        if ((signedAt - now).Duration() > TimeSpan.FromMinutes(5))
            return $"Signature expired: {stamp} is now earlier than {now - TimeSpan.FromMinutes(5):yyyyMMdd'T'HHmmss'Z'}";
        if (!stamp.StartsWith(authorization.Date, StringComparison.Ordinal))
            return "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.";
        foreach (var required in request.Headers.Keys.Select(h => h.ToLowerInvariant()).Where(h => h is "host" or "content-type" || h.StartsWith("x-amz-", StringComparison.Ordinal)))
        {
            if (!authorization.SignedHeaders.Contains(required, StringComparer.Ordinal))
                return $"The header {required} is not signed.";
        }
        return Compute(request, authorization, secret) == authorization.Signature
            ? null
            : "The request signature we calculated does not match the signature you provided.";
    }

    /// <summary>Computes the signature of a request.</summary>
    public static string Compute(ApiRequest request, Authorization authorization, string secret)
    {
        var canonical = new StringBuilder(request.Method).Append('\n').Append(request.Path).Append("\n\n");
        foreach (var name in authorization.SignedHeaders)
            canonical.Append(name).Append(':').Append(request.Header(name)?.Trim()).Append('\n');
        canonical.Append('\n').AppendJoin(';', authorization.SignedHeaders).Append('\n').Append(Hash(request.Body));

        string[] scope = [authorization.Date, authorization.Region, authorization.Service, "aws4_request"];
        var text = string.Join('\n', Algorithm, request.Header("X-Amz-Date"), string.Join('/', scope), Hash(Encoding.UTF8.GetBytes(canonical.ToString())));
        var key = scope.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>The parts of an Authorization header.</summary>
public sealed record Authorization(string AccessKeyId, string Date, string Region, string Service, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>Parses a header; null if it is malformed.</summary>
    public static Authorization? Parse(string? header)
    {
        if (header?.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal) != true)
            return null;
        var parts = header["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(p => p.Trim().Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return parts.GetValueOrDefault("Credential")?.Split('/') is [var id, var date, var region, var service, "aws4_request"]
            && parts.TryGetValue("SignedHeaders", out var headers) && parts.TryGetValue("Signature", out var signature)
            ? new(id, date, region, service, headers.Split(';'), signature)
            : null;
    }
}
