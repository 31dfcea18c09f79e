using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>Checks the signature (AWS Signature Version 4) of a request with one known key.</summary>
internal sealed class RequestSignature(string accessKey, string secretKey, TimeProvider clock)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    // Without these among the signed headers that are there, one signature would serve other calls.
    private static readonly string[] Required = ["host", "x-amz-date", "x-amz-target", "x-amz-security-token"];

    /// <summary>Checks a request to a service.</summary>
    /// <exception cref="DataApiException">It is not signed, or not with this key, or not for this service and time.</exception>
    public void Check(HttpRequest request, ReadOnlySpan<byte> body, string service)
    {
        var (credential, signed, signature) = Parts(request.Headers.Authorization.ToString());
        if (credential is not [var key, var day, var region, var scope, "aws4_request"] || scope != service)
            throw DataApiException.Refused("InvalidSignatureException", $"Credential should be scoped to the service {service}.");
        if (key != accessKey)
            throw DataApiException.Refused("UnrecognizedClientException", "The security token included in the request is invalid.");
        if (Required.FirstOrDefault(h => request.Headers.ContainsKey(h) && !signed.Contains(h, StringComparer.Ordinal)) is { } missing)
            throw DataApiException.Refused("InvalidSignatureException", $"'{missing}' must be a signed header.");
        var date = request.Headers["x-amz-date"].ToString();
        CheckDate(date, day);
        var canonical = Encoding.UTF8.GetBytes(Canonical(request, signed, body));
        var text = string.Join('\n', Algorithm, date, $"{day}/{region}/{service}/aws4_request", Hash(canonical));
        var expected = Sign(SigningKey(day, region, service), text);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)), Encoding.ASCII.GetBytes(signature)))
            throw DataApiException.Refused(
                "InvalidSignatureException", "The request signature we calculated does not match the signature you provided.");
    }

    private static (string[] Credential, string[] Signed, string Signature) Parts(string header)
    {
        if (header.Length == 0)
            throw DataApiException.Refused("MissingAuthenticationTokenException", "Missing Authentication Token");
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            throw DataApiException.Refused("IncompleteSignatureException", $"The Authorization header does not begin with {Algorithm}.");
        var parts = header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return parts.TryGetValue("Credential", out var credential) && parts.TryGetValue("SignedHeaders", out var signed)
            && parts.TryGetValue("Signature", out var signature)
            ? (credential.Split('/'), signed.Split(';'), signature)
            : throw DataApiException.Refused("IncompleteSignatureException", "The header lacks Credential, SignedHeaders or Signature.");
    }

    private void CheckDate(string date, string day)
    {
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || !date.StartsWith(day, StringComparison.Ordinal))
            throw DataApiException.Refused("InvalidSignatureException", "Date in Credential scope does not match the date of the request.");
        if ((clock.GetUtcNow() - time).Duration() > Tolerance)
            throw DataApiException.Refused("InvalidSignatureException", $"Signature expired: {date}");
    }

    private static string Canonical(HttpRequest request, string[] signed, ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', request.Method, request.Path.Value, request.QueryString.Value?.TrimStart('?')).Append('\n');
        foreach (var name in signed)
            text.Append(name).Append(':').Append(string.Join(',', request.Headers[name].Select(v => v?.Trim()))).Append('\n');
        return text.Append('\n').AppendJoin(';', signed).Append('\n').Append(Hash(body)).ToString();
    }

    private byte[] SigningKey(string day, string region, string service)
        => Sign(Sign(Sign(Sign(Encoding.UTF8.GetBytes("AWS4" + secretKey), day), region), service), "aws4_request");

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
