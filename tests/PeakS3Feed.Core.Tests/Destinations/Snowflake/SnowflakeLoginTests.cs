using System.Security.Cryptography;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Logins with a key pair and with tokens: renewals, rotations and refusals.</summary>
public sealed class SnowflakeLoginTests
{
    private static readonly SnowflakeDestination WithKey = SqlApiHarness.Plain with
    {
        OAuthToken = null, Username = "loader", PrivateKey = "env:KEY", PrivateKeyPassphrase = "env:PASS",
    };

    private static readonly SnowflakeDestination WithToken = SqlApiHarness.Plain with { OAuthToken = null, AccessToken = "env:PAT" };

    [Fact]
    public async Task A_key_pair_logs_in_with_a_token_that_many_requests_share()
    {
        await using var h = await SqlApiHarness.StartAsync(WithKey);
        using var key = AddKey(h, isRegistered: true);
        var channel = h.Open();
        await channel.ExecuteAsync(new("SELECT 1"), default);
        await channel.ExecuteAsync(new("SELECT 2"), default);
        Assert.All(h.Api.Calls, c => Assert.Equal("KEYPAIR_JWT", c.Header("X-Snowflake-Authorization-Token-Type")));
        Assert.Single(h.Api.Calls.Select(c => c.Token).Distinct());
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_expires_also_while_a_statement_runs()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        await using var h = await SqlApiHarness.StartAsync(WithKey, time);
        using var key = AddKey(h, isRegistered: true);
        var copy = new FakeSqlStatement { EndsAfter = null };
        h.Api.Next.Enqueue(copy);
        var running = h.Open().ExecuteAsync(new("COPY"), default);
        await time.WaitAsync();
        time.Advance(TimeSpan.FromMinutes(49)); // the first poll
        await time.WaitAsync();
        copy.End();
        time.Advance(TimeSpan.FromMinutes(2)); // the second one
        await running;
        Assert.Equal(2, h.Calls("poll").Count);
        Assert.Equal(h.Calls("submit")[0].Token, h.Calls("poll")[0].Token);
        Assert.NotEqual(h.Calls("submit")[0].Token, h.Calls("poll")[1].Token);
    }

    [Fact]
    public async Task A_rotated_key_is_used_after_the_old_one_is_refused()
    {
        await using var h = await SqlApiHarness.StartAsync(WithKey);
        using var first = AddKey(h, isRegistered: true);
        var channel = h.Open();
        await channel.ExecuteAsync(new("SELECT 1"), default);
        using var second = AddKey(h, isRegistered: true);
        h.Api.Logins.RemoveKey("LOADER", first.ExportSubjectPublicKeyInfoPem());
        await channel.ExecuteAsync(new("SELECT 2"), default);
        Assert.Equal(2, h.Api.Calls.Select(c => c.Token).Distinct().Count());
        Assert.Equal(3, h.Calls("submit").Count);
        Assert.Equal(2, h.Api.Started);
    }

    [Fact]
    public async Task A_rotated_token_is_used_after_the_old_one_is_refused_also_while_a_statement_runs()
    {
        await using var h = await SqlApiHarness.StartAsync(WithToken);
        h.Secrets["PAT"] = "hushhush-1\n";
        h.Api.Logins.AddAccessToken("LOADER", "hushhush-1");
        h.Api.Next.Enqueue(new() { EndsAfter = 2 });
        h.Api.Fail("poll", new SqlApiFault(503)
        {
            Then = () =>
            {
                h.Api.Logins.RemoveToken("hushhush-1");
                h.Api.Logins.AddAccessToken("LOADER", "hushhush-2");
                h.Secrets["PAT"] = "hushhush-2";
            },
        });
        await h.Open().ExecuteAsync(new("COPY"), default);
        Assert.Equal(["hushhush-1", "hushhush-1", "hushhush-1", "hushhush-2", "hushhush-2"], h.Api.Calls.Select(c => c.Token));
    }

    [Fact]
    public async Task A_secret_that_is_missing_for_a_while_does_not_end_a_login_that_is_valid()
    {
        var time = new SteppedTime(DateTimeOffset.UtcNow);
        await using var h = await SqlApiHarness.StartAsync(time: time);
        var channel = h.Open();
        await channel.QueryAsync(new("SELECT 1"), default).ToListAsync();
        h.Secrets.Clear();
        time.Advance(TimeSpan.FromMinutes(51));
        await channel.QueryAsync(new("SELECT 1"), default).ToListAsync();
        Assert.Contains(h.Log, l => l.Contains("could not be renewed", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromMinutes(5));
        var error = await Assert.ThrowsAsync<FeedException>(() => channel.ExecuteAsync(new("SELECT 1"), default));
        Assert.Equal("SecretNotFound", error.Id);
    }

    [Fact]
    public async Task A_user_without_the_key_gets_the_statement_that_registers_it()
    {
        await using var h = await SqlApiHarness.StartAsync(WithKey);
        using var known = AddKey(h, isRegistered: true);
        using var other = AddKey(h, isRegistered: false);
        var error = await Assert.ThrowsAsync<FeedException>(() => h.Open().ExecuteAsync(new("SELECT 1"), default));
        var spki = other.ExportSubjectPublicKeyInfo();
        Assert.Equal(("DestinationLoginRefused", FeedErrorCategory.AuthenticationError, "390144"), (error.Id, error.Category, error.ServiceCode));
        Assert.StartsWith(
            "Snowflake ANALYTICS.PUBLIC in myorg-my_account refused the login of user loader with the key "
                + $"SHA256:{Convert.ToBase64String(SHA256.HashData(spki))}: JWT token is invalid. [",
            error.Message, StringComparison.Ordinal);
        Assert.Contains($"ALTER USER \"LOADER\" SET RSA_PUBLIC_KEY='{Convert.ToBase64String(spki)}';", error.Hint, StringComparison.Ordinal);
        Assert.Contains("lock them out: then set RSA_PUBLIC_KEY_2 in its place.", error.Hint, StringComparison.Ordinal);
        Assert.Contains("RSA_PUBLIC_KEY_FP and RSA_PUBLIC_KEY_2_FP of DESC USER \"LOADER\";", error.Hint, StringComparison.Ordinal);
        Assert.Contains($"SYSTEM$GET_LOGIN_FAILURE_DETAILS('{error.Message.Split('[', ']')[1]}');", error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("clock", error.Hint, StringComparison.Ordinal);
        Assert.Equal(2, h.Calls("submit").Count);
        Assert.Equal(0, h.Api.Started);
    }

    [Theory]
    [InlineData("394300", 0, "has no user LOADER", null)]
    [InlineData("394302", 0, "Set this machine's clock", "ALTER USER")]
    [InlineData("394303", -600, "clock is 600 seconds slow", "ALTER USER")]
    [InlineData("394304", 0, "ALTER USER \"LOADER\"", "clock")]
    [InlineData("394307", 0, "write it with the underscore", "ALTER USER")]
    [InlineData("390144", 0, "the token is for MYORG-MY_ACCOUNT.LOADER", "clock")]
    [InlineData("390144", 30, "ALTER USER \"LOADER\"", "clock")]
    [InlineData("390144", 300, "clock is 300 seconds fast: set it. If that does not help", null)]
    public void The_advice_depends_on_the_code_and_on_the_clock(string code, int seconds, string expected, string? unexpected)
    {
        var now = DateTimeOffset.UtcNow;
        var errors = new SnowflakeLoginErrors(WithKey, SnowflakeAccount.Parse(WithKey.Account), "here");
        var refusal = new SqlApiException(401, "JWT token is invalid.") { Code = code, ServerTime = now.AddSeconds(-seconds) };
        var error = errors.Refused(refusal, new("KEYPAIR_JWT", "hushhush") { PublicKey = "MII", Fingerprint = "SHA256:x" }, now);
        Assert.Contains(expected, error.Hint, StringComparison.Ordinal);
        if (unexpected is not null)
            Assert.DoesNotContain(unexpected, error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OAuthToken", 401, "390318", "OAuth access token expired.", "Store a new one in env:TOKEN")]
    [InlineData("OAuthToken", 401, "390303", "Invalid OAuth access token.", "another account")]
    [InlineData("AccessToken", 401, "394400", "Programmatic access token is invalid.", "ADD PROGRAMMATIC ACCESS TOKEN")]
    [InlineData("AccessToken", 401, "390432", "Network policy is required.", "network policy")]
    [InlineData("AccessToken", 403, "390422", "Incoming request with IP/Token 192.0.2.7 is not allowed to access Snowflake.", "network policy")]
    [InlineData("OAuthToken", 401, "390189", "Role 'loader' does not exist or not authorized.", "GRANT ROLE \"loader\"")]
    [InlineData("OAuthToken", 401, null, "<html>hush</html>", "Store a new one")]
    public async Task A_token_that_is_refused_twice_is_an_error_that_says_what_to_do(
        string kind, int status, string? code, string words, string hint)
    {
        await using var h = await SqlApiHarness.StartAsync(kind == "OAuthToken" ? SqlApiHarness.Plain : WithToken);
        h.Secrets["PAT"] = "hushhush";
        h.Api.Fail("submit", new SqlApiFault(status) { Code = code, Message = words }, times: 9);
        var error = await Assert.ThrowsAsync<FeedException>(() => h.Open().ExecuteAsync(new("SELECT 1"), default));
        Assert.Equal(("DestinationLoginRefused", code), (error.Id, error.ServiceCode));
        Assert.Contains(hint, error.Hint, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(status == 401 ? 2 : 1, h.Calls("submit").Count);
        Assert.Equal(PeakS3Feed.Destinations.Loading.FaultKind.Unknown, h.Open().Classify(error));
    }

    [Theory]
    [InlineData("hushhush", "no private key in PEM", "openssl genrsa")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "public key", "rsa_key.p8")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate", "private key")]
    public async Task A_secret_that_is_no_private_key_is_an_error_with_its_reference(string secret, string what, string hint)
    {
        await using var h = await SqlApiHarness.StartAsync(WithKey);
        h.Secrets["KEY"] = secret;
        h.Secrets["PASS"] = "hushhush";
        var error = await Assert.ThrowsAsync<FeedException>(() => h.Open().ExecuteAsync(new("SELECT 1"), default));
        Assert.Equal(("PrivateKeyUnusable", "snow"), (error.Id, error.Target));
        Assert.StartsWith("The private key env:KEY cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(h.Api.Calls);
    }

    [Fact]
    public void Each_problem_of_a_key_has_words_and_advice()
    {
        var errors = new SnowflakeLoginErrors(WithKey, SnowflakeAccount.Parse(WithKey.Account), "here");
        var pair = Assert.IsType<SnowflakeLogin.KeyPair>(SnowflakeLogin.From(WithKey));
        var all = Enum.GetValues<PrivateKeyProblem>().Select(p => errors.KeyUnusable(pair, new(p, 1024))).ToList();
        Assert.Equal(all.Count, all.Select(e => e.Message).Distinct().Count());
        Assert.All(all, e => Assert.NotEmpty(e.Hint!));
        Assert.Contains(all, e => e.Message.Contains("1,024 bits", StringComparison.Ordinal));
        Assert.Contains(all, e => e.Hint!.Contains("env:PASS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hush\nhush")]
    [InlineData("hush hüsh")]
    [InlineData(" \n")]
    public async Task A_secret_that_cannot_be_a_token_is_an_error_with_its_reference(string secret)
    {
        await using var h = await SqlApiHarness.StartAsync(WithToken);
        h.Secrets["PAT"] = secret;
        var error = await Assert.ThrowsAsync<FeedException>(() => h.Open().ExecuteAsync(new("SELECT 1"), default));
        Assert.Equal("AccessTokenUnusable", error.Id);
        Assert.Contains("env:PAT", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(h.Api.Calls);
    }

    [Fact]
    public void A_definition_without_a_login_is_no_login()
    {
        Assert.Throws<ArgumentException>(() => SnowflakeLogin.From(WithKey with { PrivateKey = null }));
        Assert.DoesNotContain("hush", new BearerToken("OAUTH", "hush").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", new BearerToken("KEYPAIR_JWT", "hush") { Fingerprint = "SHA256:x" }.ToString(), StringComparison.Ordinal);
    }

    private static RSA AddKey(SqlApiHarness h, bool isRegistered)
    {
        var key = RSA.Create(2048);
        h.Secrets["PASS"] = "hushhush";
        h.Secrets["KEY"] = key.ExportEncryptedPkcs8PrivateKeyPem(
            "hushhush", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        if (isRegistered)
            h.Api.Logins.AddKey("LOADER", key.ExportSubjectPublicKeyInfoPem());
        return key;
    }
}
