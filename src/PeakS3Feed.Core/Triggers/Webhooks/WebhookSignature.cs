using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.Triggers.Webhooks;

/// <summary>The signature of a request as in Standard Webhooks: HMAC-SHA256 over id, timestamp and body.</summary>
public static class WebhookSignature
{
    private const string Version = "v1,";
    private const string KeyPrefix = "whsec_";

    /// <summary>The maximum difference between a request's timestamp and the local clock: 5 minutes.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Returns the signature of a request, with its version.</summary>
    /// <param name="key">The key as text: <c>whsec_</c> and base64, or any other text, whose UTF-8 bytes are the key.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>: seconds since 1970.</param>
    /// <param name="body">The body, unchanged.</param>
    public static string Create(string key, string id, string timestamp, ReadOnlySpan<byte> body)
        => Version + Convert.ToBase64String(Digest(key, id, timestamp, body));

    /// <summary>Returns whether one of the signatures is valid and the timestamp is recent.</summary>
    /// <param name="key">As in <see cref="Create"/>.</param>
    /// <param name="id">The header <c>webhook-id</c>, or null.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>, or null.</param>
    /// <param name="signatures">The header <c>webhook-signature</c>: signatures separated by spaces; or null.</param>
    /// <param name="body">The body, unchanged.</param>
    /// <param name="now">The current time.</param>
    public static bool Verify(string key, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || timestamp is null || signatures is null || !IsNear(timestamp, now))
            return false;
        var expected = Encoding.UTF8.GetBytes(Create(key, id, timestamp, body));
        var fits = false;
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            fits |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        return fits;
    }

    private static bool IsNear(string timestamp, DateTimeOffset now)
        => long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) <= (decimal)Tolerance.TotalSeconds;

    private static byte[] Digest(string key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, KeyBytes(key));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    private static byte[] KeyBytes(string key)
    {
        var bytes = new byte[key.Length];
        return key.StartsWith(KeyPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(key[KeyPrefix.Length..], bytes, out var length)
            ? bytes[..length]
            : Encoding.UTF8.GetBytes(key);
    }
}
