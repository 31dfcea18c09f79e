using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.Triggers;

/// <summary>
/// The secret of a webhook: 256 random bits, stored as a salted SHA-256. No search finds so many bits, so the hash need not be slow, and many
/// requests with wrong secrets cost little.
/// </summary>
public static class WebhookSecret
{
    private const string Scheme = "sha256:";
    private const int IdBytes = 16;
    private const int SecretBytes = 32;
    private const int SaltBytes = 16;

    /// <summary>Creates an id for a URL: 128 random bits as 22 characters of base64url.</summary>
    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>Creates a secret of 43 characters, and the hash to store.</summary>
    public static (string Secret, string Hash) Create()
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (secret, $"{Scheme}{Base64Url.EncodeToString(salt)}:{Base64Url.EncodeToString(Digest(salt, secret))}");
    }

    /// <summary>Returns whether a secret matches a hash, in the same time for right and wrong secrets.</summary>
    /// <param name="secret">The secret that was sent.</param>
    /// <param name="hash">The stored hash; null matches no secret.</param>
    public static bool Verify(string? secret, string? hash)
    {
        var (salt, digest) = Parse(hash) ?? (new byte[SaltBytes], new byte[SHA256.HashSizeInBytes]);
        return CryptographicOperations.FixedTimeEquals(Digest(salt, secret ?? ""), digest) && secret is not null && hash is not null;
    }

    /// <summary>Returns whether a text has the form of a webhook's id.</summary>
    internal static bool IsId(string id)
        => id.Length == Base64Url.GetEncodedLength(IdBytes) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Returns whether a text has the form of a secret's hash.</summary>
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
