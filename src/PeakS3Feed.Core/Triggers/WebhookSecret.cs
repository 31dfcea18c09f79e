using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.Triggers;

/// <summary>
/// The secret of a webhook: 256 random bits, of which only a salted SHA-256 is kept. Nobody can try so many, so the hash need not be slow, and
/// a flood of wrong ones costs little.
/// </summary>
public static class WebhookSecret
{
    private const string Scheme = "sha256:";
    private const int IdBytes = 16;
    private const int SecretBytes = 32;
    private const int SaltBytes = 16;

    /// <summary>A new id for a URL: 22 characters of base64url, 128 random bits.</summary>
    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>A new secret of 43 characters, and what is to be kept of it.</summary>
    public static (string Secret, string Hash) Make()
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (secret, $"{Scheme}{Base64Url.EncodeToString(salt)}:{Base64Url.EncodeToString(Digest(salt, secret))}");
    }

    /// <summary>Whether that is the secret; takes as long for a wrong one as for the right one.</summary>
    /// <param name="secret">What was sent.</param>
    /// <param name="hash">What was kept; null for nothing, which no secret fits.</param>
    public static bool Verify(string? secret, string? hash)
    {
        var (salt, digest) = Parse(hash) ?? (new byte[SaltBytes], new byte[SHA256.HashSizeInBytes]);
        return CryptographicOperations.FixedTimeEquals(Digest(salt, secret ?? ""), digest) && secret is not null && hash is not null;
    }

    /// <summary>Whether a text could be the id of a webhook.</summary>
    internal static bool IsId(string id)
        => id.Length == Base64Url.GetEncodedLength(IdBytes) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Whether a text could be the hash of a secret.</summary>
    internal static bool IsHash(string hash) => Parse(hash) is not null;

    private static byte[] Digest(byte[] salt, string secret) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(secret)]);

    private static (byte[] Salt, byte[] Digest)? Parse(string? hash)
    {
        if (hash?.StartsWith(Scheme, StringComparison.Ordinal) != true || hash[Scheme.Length..].Split(':') is not [var salt, var digest])
            return null;
        return Bytes(salt) is { Length: SaltBytes } s && Bytes(digest) is { Length: SHA256.HashSizeInBytes } d ? (s, d) : null;
    }

    private static byte[]? Bytes(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
