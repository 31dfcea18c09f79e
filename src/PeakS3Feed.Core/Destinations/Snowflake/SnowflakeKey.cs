using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The private key of a key pair, which signs tokens.</summary>
internal sealed partial class SnowflakeKey : IDisposable
{
    /// <summary>The minimum size that Snowflake accepts, in bits.</summary>
    public const int MinBits = 2048;

    private const string RsaAlgorithm = "1.2.840.113549.1.1.1"; // RFC 8017, appendix C: rsaEncryption

    private readonly RSA _rsa;

    private SnowflakeKey(RSA rsa)
    {
        _rsa = rsa;
        var spki = rsa.ExportSubjectPublicKeyInfo();
        PublicKey = Convert.ToBase64String(spki);
        Fingerprint = "SHA256:" + Convert.ToBase64String(SHA256.HashData(spki));
    }

    /// <summary>The public key, in Base64 without line breaks, as <c>ALTER USER … SET RSA_PUBLIC_KEY</c> takes it.</summary>
    public string PublicKey { get; }

    /// <summary>The fingerprint of the public key, as <c>DESC USER</c> shows it: <c>SHA256:…</c>.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads a private key: PKCS#8 in PEM, encrypted or not, or PKCS#1 in PEM.</summary>
    /// <param name="pem">The text of the file. An environment variable may have <c>\n</c> in place of its line breaks.</param>
    /// <param name="passphrase">The passphrase of an encrypted key, or null.</param>
    /// <exception cref="PrivateKeyException">The text is not such a key, or the passphrase is missing or wrong.</exception>
    public static SnowflakeKey Read(string pem, string? passphrase)
    {
        pem = pem.Replace("\\n", "\n", StringComparison.Ordinal);
        var labels = LabelPattern().Matches(pem).Select(m => m.Groups["label"].Value).ToList();
        var rsa = labels switch
        {
            _ when labels.Contains("ENCRYPTED PRIVATE KEY") => Import(pem, "ENCRYPTED PRIVATE KEY", passphrase),
            _ when labels.Contains("PRIVATE KEY") => Import(pem, "PRIVATE KEY", null),
            _ when labels.Contains("RSA PRIVATE KEY") => ImportPkcs1(pem),
            _ => throw new PrivateKeyException(WhyNoKey(labels)),
        };
        if (rsa.KeySize >= MinBits)
            return new(rsa);
        var bits = rsa.KeySize;
        rsa.Dispose();
        throw new PrivateKeyException(PrivateKeyProblem.TooShort, bits);
    }

    /// <summary>Creates a token of RFC 7519, signed with RS256.</summary>
    /// <param name="account">The account's name in tokens.</param>
    /// <param name="user">The user.</param>
    /// <param name="issued">When the token begins to be valid.</param>
    /// <param name="lifetime">How long it is valid: at most an hour.</param>
    public string CreateToken(string account, string user, DateTimeOffset issued, TimeSpan lifetime)
    {
        // Snowflake compares names in upper case.
        var subject = $"{account}.{user.ToUpperInvariant()}";
        var claims = new JwtClaims(
            $"{subject}.{Fingerprint}", subject, issued.ToUnixTimeSeconds(), (issued + lifetime).ToUnixTimeSeconds());
        var text = $"{Encode("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims, JwtJson.Default.JwtClaims))}";
        var signature = _rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Encode(signature)}";
    }

    /// <inheritdoc/>
    public void Dispose() => _rsa.Dispose();

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static RSA Import(string pem, string label, string? passphrase)
    {
        var isEncrypted = label == "ENCRYPTED PRIVATE KEY";
        if (isEncrypted && passphrase is null)
            throw new PrivateKeyException(PrivateKeyProblem.PassphraseMissing);
        var bytes = Decode(pem, label);
        Pkcs8PrivateKeyInfo key;
        try
        {
            key = isEncrypted ? Pkcs8PrivateKeyInfo.DecryptAndDecode(passphrase!, bytes, out _) : Pkcs8PrivateKeyInfo.Decode(bytes, out _);
        }
        catch (CryptographicException)
        {
            // Its text may have bytes of the key.
            throw new PrivateKeyException(isEncrypted ? PrivateKeyProblem.PassphraseWrong : PrivateKeyProblem.Damaged);
        }
        if (key.AlgorithmId.Value != RsaAlgorithm)
            throw new PrivateKeyException(PrivateKeyProblem.NotRsa);
        return Import(rsa => rsa.ImportRSAPrivateKey(key.PrivateKeyBytes.Span, out _));
    }

    private static RSA ImportPkcs1(string pem)
        => pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) // RFC 1421, with OpenSSL's own derivation of the key
            ? throw new PrivateKeyException(PrivateKeyProblem.EncryptedInOldForm)
            : Import(rsa => rsa.ImportRSAPrivateKey(Decode(pem, "RSA PRIVATE KEY"), out _));

    private static RSA Import(Action<RSA> import)
    {
        var rsa = RSA.Create();
        try
        {
            import(rsa);
            return rsa;
        }
        catch (Exception e)
        {
            rsa.Dispose();
            throw e is CryptographicException ? new PrivateKeyException(PrivateKeyProblem.Damaged) : e;
        }
    }

    // The first object with a label. A file may have certificates beside the key.
    private static byte[] Decode(string pem, string label)
    {
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label].SequenceEqual(label))
                return Convert.FromBase64String(rest[fields.Base64Data].ToString());
            rest = rest[fields.Location.End..];
        }
        throw new PrivateKeyException(PrivateKeyProblem.Damaged);
    }

    private static PrivateKeyProblem WhyNoKey(List<string> labels)
        => labels.Count == 0 ? PrivateKeyProblem.NotPem
            : labels.Exists(l => l.EndsWith("PRIVATE KEY", StringComparison.Ordinal)) ? PrivateKeyProblem.NotRsa
            : labels.Contains("CERTIFICATE") ? PrivateKeyProblem.Certificate
            : labels.Exists(l => l.EndsWith("PUBLIC KEY", StringComparison.Ordinal)) ? PrivateKeyProblem.PublicKey
            : PrivateKeyProblem.NotPem;

    [GeneratedRegex("-----BEGIN (?<label>[A-Z0-9 ]+)-----", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LabelPattern();
}

/// <summary>Why a text is not a private key that Snowflake accepts.</summary>
internal enum PrivateKeyProblem
{
    /// <summary>It has no object in PEM.</summary>
    NotPem,

    /// <summary>It is a public key.</summary>
    PublicKey,

    /// <summary>It is a certificate.</summary>
    Certificate,

    /// <summary>It is encrypted, and no passphrase is given.</summary>
    PassphraseMissing,

    /// <summary>The passphrase does not decrypt it.</summary>
    PassphraseWrong,

    /// <summary>It is encrypted in the form that OpenSSL had before PKCS#8.</summary>
    EncryptedInOldForm,

    /// <summary>It is a key of another algorithm.</summary>
    NotRsa,

    /// <summary>It has too few bits.</summary>
    TooShort,

    /// <summary>It is cut off or changed.</summary>
    Damaged,
}

/// <summary>A text is not a private key that Snowflake accepts.</summary>
/// <param name="problem">Why.</param>
/// <param name="bits">The size of a key that is too short; otherwise 0.</param>
internal sealed class PrivateKeyException(PrivateKeyProblem problem, int bits = 0) : Exception(problem.ToString())
{
    /// <summary>Why.</summary>
    public PrivateKeyProblem Problem { get; } = problem;

    /// <summary>The size of a key that is too short, in bits; otherwise 0.</summary>
    public int Bits { get; } = bits;
}

/// <summary>The claims of a token.</summary>
/// <param name="Issuer">Account, user and fingerprint.</param>
/// <param name="Subject">Account and user.</param>
/// <param name="Issued">Seconds since 1970.</param>
/// <param name="Expires">Seconds since 1970.</param>
internal sealed record JwtClaims(
    [property: JsonPropertyName("iss")] string Issuer, [property: JsonPropertyName("sub")] string Subject,
    [property: JsonPropertyName("iat")] long Issued, [property: JsonPropertyName("exp")] long Expires);

/// <summary>Writes the claims of a token.</summary>
[JsonSerializable(typeof(JwtClaims))]
internal sealed partial class JwtJson : JsonSerializerContext;
