using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.Tests.TestServers.Snowflake;

/// <summary>Which logins the stand-in for Snowflake accepts.</summary>
public sealed class SnowflakeLoginsTests : IDisposable
{
    private const string Subject = "ORG-ACCOUNT.USER";

    private readonly RSA _key = RSA.Create(2048);
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly SnowflakeLogins _logins;

    public SnowflakeLoginsTests()
    {
        _logins = new SnowflakeLogins(["ORG-ACCOUNT", "XY12345"], _clock);
        _logins.AddKey("USER", _key.ExportSubjectPublicKeyInfoPem());
    }

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData(Subject)]
    [InlineData("XY12345.USER")]
    public void A_signed_JWT_is_a_login(string subject) => Assert.Equal("USER", Check(Jwt(_key, subject)));

    [Fact]
    public void A_user_may_have_two_keys_and_lose_one()
    {
        using var second = RSA.Create(2048);
        _logins.AddKey("USER", second.ExportSubjectPublicKeyInfoPem());

        Assert.Equal("USER", Check(Jwt(second)));
        _logins.RemoveKey("USER", _key.ExportSubjectPublicKeyInfoPem());
        Assert.Equal("USER", Check(Jwt(second)));
        Assert.Contains("the key is unknown", Fail(Jwt(_key)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("org-account.USER", "upper case")]
    [InlineData("ORG.ACCOUNT.USER", "ACCOUNT.USER")]
    [InlineData("OTHER.USER", "ACCOUNT.USER")]
    [InlineData("ORG-ACCOUNT.user", "unknown")]
    [InlineData("ORG-ACCOUNT", "ACCOUNT.USER")]
    public void Another_subject_is_refused(string subject, string reason)
        => Assert.Contains(reason, Fail(Jwt(_key, subject)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 3600, null)]
    [InlineData(0, 3601, "more than an hour")]
    [InlineData(0, 0, "more than an hour")]
    [InlineData(-3600, -61, "expired")]
    [InlineData(61, 600, "in the future")]
    public void A_JWT_lives_an_hour_at_most(int issued, int expires, string? reason)
    {
        var jwt = Jwt(_key, Subject, issued, expires);

        if (reason is null)
            Assert.Equal("USER", Check(jwt));
        else
            Assert.Contains(reason, Fail(jwt), StringComparison.Ordinal);
    }

    [Fact]
    public void A_JWT_that_was_changed_is_refused()
    {
        var parts = Jwt(_key).Split('.');
        var body = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("\"iat\":", "\"x\":1,\"iat\":", StringComparison.Ordinal);

        Assert.Contains("signature is wrong", Fail($"{parts[0]}.{Part(body)}.{parts[2]}"), StringComparison.Ordinal);
        Assert.Contains("not RS256", Fail($"{Part("{\"alg\":\"none\"}")}.{parts[1]}.{parts[2]}"), StringComparison.Ordinal);
        Assert.Contains("three parts", Fail($"{parts[0]}.{parts[1]}"), StringComparison.Ordinal);
        Assert.Contains("base64url", Fail($"{parts[0]}.{parts[1]}.{parts[2]}="), StringComparison.Ordinal);
    }

    [Fact]
    public void The_issuer_must_name_the_key_that_signs()
    {
        using var other = RSA.Create(2048);

        Assert.Contains("signature is wrong", Fail(Jwt(other, Subject, fingerprintOf: _key)), StringComparison.Ordinal);
        Assert.Contains("the key is unknown", Fail(Jwt(other)), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_are_logins_of_their_type()
    {
        _logins.AddOAuthToken("A", "one");
        _logins.AddAccessToken("B", "two");

        Assert.Equal("A", _logins.Check("Bearer one", "OAUTH"));
        Assert.Equal("B", _logins.Check("Bearer two", "PROGRAMMATIC_ACCESS_TOKEN"));
        Assert.Equal("390303", Assert.Throws<LoginException>(() => _logins.Check("Bearer two", "OAUTH")).Code);
        Assert.Throws<LoginException>(() => _logins.Check("Bearer one", "PROGRAMMATIC_ACCESS_TOKEN"));
        Assert.Throws<LoginException>(() => _logins.Check("Bearer one", ""));
        Assert.Throws<LoginException>(() => _logins.Check("one", "OAUTH"));
        _logins.RemoveToken("one");
        Assert.Throws<LoginException>(() => _logins.Check("Bearer one", "OAUTH"));
    }

    private string Check(string jwt) => _logins.Check("Bearer " + jwt, "KEYPAIR_JWT");

    private string Fail(string jwt)
    {
        var error = Assert.Throws<LoginException>(() => Check(jwt));
        Assert.Equal("390144", error.Code);
        return error.Message;
    }

    private string Jwt(RSA key, string subject = Subject, int issued = 0, int expires = 600, RSA? fingerprintOf = null)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var fingerprint = Convert.ToBase64String(SHA256.HashData((fingerprintOf ?? key).ExportSubjectPublicKeyInfo()));
        var claims = new { iss = $"{subject}.SHA256:{fingerprint}", sub = subject, iat = now + issued, exp = now + expires };
        var signed = $"{Part("""{"alg":"RS256","typ":"JWT"}""")}.{Part(JsonSerializer.Serialize(claims))}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
