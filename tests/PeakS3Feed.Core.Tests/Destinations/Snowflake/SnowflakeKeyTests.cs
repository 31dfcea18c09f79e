using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Destinations.Snowflake;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Private keys in the forms that people have, and the tokens that they sign.</summary>
public sealed class SnowflakeKeyTests : IDisposable
{
    private const string Passphrase = "hush hush ü";

    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);

    private readonly RSA _rsa = RSA.Create(2048);

    public void Dispose() => _rsa.Dispose();

    public static TheoryData<string> Forms
        => ["pkcs8", "encrypted", "3des", "pkcs1", "escaped", "one line", "windows", "with certificate", "with text"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_private_key_is_read_in_each_form(string form)
    {
        var pkcs8 = _rsa.ExportPkcs8PrivateKeyPem();
        var pem = form switch
        {
            "encrypted" => _rsa.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption),
            "3des" => _rsa.ExportEncryptedPkcs8PrivateKeyPem(
                Passphrase, new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 2048)),
            "pkcs1" => _rsa.ExportRSAPrivateKeyPem(),
            "escaped" => pkcs8.ReplaceLineEndings("\\n"),
            "one line" => pkcs8.ReplaceLineEndings(" "),
            "windows" => pkcs8.ReplaceLineEndings("\r\n") + "\r\n",
            "with certificate" => CreateCertificate() + "\n" + pkcs8,
            "with text" => "Bag Attributes\n    friendlyName: loader\nKey Attributes: <No Attributes>\n" + pkcs8,
            _ => pkcs8,
        };
        using var key = SnowflakeKey.Read(pem, Passphrase);
        var spki = _rsa.ExportSubjectPublicKeyInfo();
        Assert.Equal(Convert.ToBase64String(spki), key.PublicKey);
        Assert.Equal("SHA256:" + Convert.ToBase64String(SHA256.HashData(spki)), key.Fingerprint);
    }

    [Fact]
    public void A_token_names_account_user_and_key_and_is_signed()
    {
        using var key = SnowflakeKey.Read(_rsa.ExportPkcs8PrivateKeyPem(), null);
        var issued = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var parts = key.CreateToken("MYORG-MY_ACCOUNT", "Loader@example.com", issued, TimeSpan.FromMinutes(55)).Split('.');

        Assert.Equal("""{"alg":"RS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal(
            ["iss", "sub", "iat", "exp"], claims.RootElement.EnumerateObject().Select(c => c.Name));
        Assert.Equal("MYORG-MY_ACCOUNT.LOADER@EXAMPLE.COM", claims.RootElement.GetProperty("sub").GetString());
        Assert.Equal($"MYORG-MY_ACCOUNT.LOADER@EXAMPLE.COM.{key.Fingerprint}", claims.RootElement.GetProperty("iss").GetString());
        Assert.Equal(1_800_000_000, claims.RootElement.GetProperty("iat").GetInt64());
        Assert.Equal(1_800_003_300, claims.RootElement.GetProperty("exp").GetInt64());
        Assert.True(_rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1));
    }

    public static TheoryData<string, string?, string> Unusable => new()
    {
        { "text", null, nameof(PrivateKeyProblem.NotPem) },
        { "empty", null, nameof(PrivateKeyProblem.NotPem) },
        { "public", null, nameof(PrivateKeyProblem.PublicKey) },
        { "certificate", null, nameof(PrivateKeyProblem.Certificate) },
        { "encrypted", null, nameof(PrivateKeyProblem.PassphraseMissing) },
        { "encrypted", "wrong", nameof(PrivateKeyProblem.PassphraseWrong) },
        { "encrypted", "", nameof(PrivateKeyProblem.PassphraseWrong) },
        { "old form", "hush", nameof(PrivateKeyProblem.EncryptedInOldForm) },
        { "elliptic", null, nameof(PrivateKeyProblem.NotRsa) },
        { "elliptic encrypted", Passphrase, nameof(PrivateKeyProblem.NotRsa) },
        { "elliptic old", null, nameof(PrivateKeyProblem.NotRsa) },
        { "openssh", null, nameof(PrivateKeyProblem.NotRsa) },
        { "short", null, nameof(PrivateKeyProblem.TooShort) },
        { "cut", null, nameof(PrivateKeyProblem.Damaged) },
        { "cut line", null, nameof(PrivateKeyProblem.Damaged) },
        { "cut old", null, nameof(PrivateKeyProblem.Damaged) },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void What_is_not_such_a_key_is_named(string form, string? passphrase, string problem)
    {
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var small = RSA.Create(1024);
        var pkcs8 = _rsa.ExportPkcs8PrivateKeyPem();
        var lines = pkcs8.Split('\n');
        var text = form switch
        {
            "text" => "hushhush",
            "empty" => "",
            "public" => _rsa.ExportSubjectPublicKeyInfoPem(),
            "certificate" => CreateCertificate(),
            "encrypted" => _rsa.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption),
            "old form" => _rsa.ExportRSAPrivateKeyPem().Replace(
                "-----BEGIN RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n",
                StringComparison.Ordinal),
            "elliptic" => elliptic.ExportPkcs8PrivateKeyPem(),
            "elliptic encrypted" => elliptic.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption),
            "elliptic old" => elliptic.ExportECPrivateKeyPem(),
            "openssh" => "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
            "short" => small.ExportPkcs8PrivateKeyPem(),
            "cut" => pkcs8[..(pkcs8.Length / 2)],
            "cut line" => string.Join('\n', [.. lines[..3], .. lines[4..]]),
            _ => _rsa.ExportRSAPrivateKeyPem().Split('\n') is var l ? string.Join('\n', [.. l[..3], .. l[4..]]) : "",
        };
        var error = Assert.Throws<PrivateKeyException>(() => SnowflakeKey.Read(text, passphrase));
        Assert.Equal(problem, error.Problem.ToString());
        Assert.Equal(form == "short" ? 1024 : 0, error.Bits);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    private string CreateCertificate()
        => new CertificateRequest("CN=loader", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1)).ExportCertificatePem();
}
