using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>
/// The signature of a request as Standard Webhooks has it (standardwebhooks.com): <c>v1,</c> and the base64 of the HMAC-SHA256 of
/// <c>ID.TIMESTAMP.BODY</c>; several may stand in the header, separated by spaces.
/// </summary>
internal static class StandardSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Version = "v1,";

    /// <summary>How far a request's clock may be off.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Whether the request was signed with the key, and not long ago.</summary>
    public static bool Fits(IHeaderDictionary headers, ReadOnlySpan<byte> body, string key, DateTimeOffset now)
    {
        string? id = headers[IdHeader], timestamp = headers[TimestampHeader], signatures = headers[SignatureHeader];
        if (string.IsNullOrEmpty(id) || signatures is null || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            return false;
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key(key));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        var expected = Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(hmac.GetHashAndReset()));
        var fits = false;
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            fits |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        return fits;
    }

    // Senders that go by the specification show their key so, in base64.
    private static byte[] Key(string key)
    {
        const string Prefix = "whsec_";
        var bytes = new byte[key.Length];
        return key.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(key[Prefix.Length..], bytes, out var length)
            ? bytes[..length]
            : Encoding.UTF8.GetBytes(key);
    }
}
