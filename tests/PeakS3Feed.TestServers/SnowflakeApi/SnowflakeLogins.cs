using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PeakS3Feed.TestServers.SnowflakeApi;

/// <summary>A login that Snowflake refuses.</summary>
/// <param name="code">Snowflake's code.</param>
/// <param name="message">The message.</param>
public sealed class LoginException(string code, string message) : Exception(message)
{
    /// <summary>Snowflake's code.</summary>
    public string Code { get; } = code;
}

/// <summary>The users of an account, their public keys and their tokens. Safe for concurrent use.</summary>
/// <param name="accounts">The identifiers of the account as a JWT may name them, such as <c>ORG-ACCOUNT</c> and <c>XY12345</c>.</param>
/// <param name="clock">The time.</param>
public sealed class SnowflakeLogins(IReadOnlyCollection<string> accounts, TimeProvider clock)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(string User, string Fingerprint), byte[]> _keys = new();
    private readonly ConcurrentDictionary<(string Type, string Token), string> _tokens = new();

    /// <summary>Adds a public key of a user, in PEM. A user may have several, so that keys are rotated.</summary>
    public void AddKey(string user, string publicKey)
    {
        var key = ReadKey(publicKey);
        _keys[(user, Fingerprint(key))] = key;
    }

    /// <summary>Removes a public key of a user.</summary>
    public void RemoveKey(string user, string publicKey) => _keys.TryRemove((user, Fingerprint(ReadKey(publicKey))), out _);

    /// <summary>Adds an OAuth access token of a user.</summary>
    public void AddOAuthToken(string user, string token) => _tokens[("OAUTH", token)] = user;

    /// <summary>Adds a programmatic access token of a user.</summary>
    public void AddAccessToken(string user, string token) => _tokens[("PROGRAMMATIC_ACCESS_TOKEN", token)] = user;

    /// <summary>Ends the life of a token.</summary>
    public void RemoveToken(string token)
    {
        foreach (var key in _tokens.Keys.Where(k => k.Token == token))
            _tokens.TryRemove(key, out _);
    }

    /// <summary>Checks the headers of a request.</summary>
    /// <param name="authorization">The header Authorization.</param>
    /// <param name="tokenType">The header X-Snowflake-Authorization-Token-Type; empty if it is missing.</param>
    /// <returns>The user.</returns>
    /// <exception cref="LoginException">It is no valid login.</exception>
    public string Check(string authorization, string tokenType)
    {
        const string Bearer = "Bearer ";
        if (!authorization.StartsWith(Bearer, StringComparison.Ordinal))
            throw new LoginException("390101", "Authorization header not found in the request data.");
        var token = authorization[Bearer.Length..];
        return tokenType switch
        {
            "KEYPAIR_JWT" => CheckJwt(token),
            "OAUTH" or "PROGRAMMATIC_ACCESS_TOKEN" => _tokens.GetValueOrDefault((tokenType, token)) ?? throw (tokenType is "OAUTH"
                ? new LoginException("390303", "Invalid OAuth access token.")
                : new LoginException("390318", "Programmatic access token is invalid or expired.")),
            // "If this header is missing, Snowflake assumes that the token is an OAuth token."; the stand-in wants to see it.
            _ => throw new LoginException("390100", $"The stand-in does not know the token type '{tokenType}'."),
        };
    }

    private string CheckJwt(string token)
    {
        if (token.Split('.') is not [var head, var body, var signature])
            throw Invalid("it does not have three parts");
        using var header = Part(head);
        using var claims = Part(body);
        if (Text(header, "alg") != "RS256" || (header.RootElement.TryGetProperty("typ", out var type) && type.GetString() != "JWT"))
            throw Invalid("its algorithm is not RS256, or its type is not JWT");
        var subject = Text(claims, "sub");
        var dot = subject.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !accounts.Contains(subject[..dot], StringComparer.Ordinal))
            throw Invalid($"the subject {subject} is not ACCOUNT.USER of this account, in upper case");
        var user = subject[(dot + 1)..];
        if (!Text(claims, "iss").StartsWith(subject + ".SHA256:", StringComparison.Ordinal))
            throw Invalid("the issuer is not the subject with the key's fingerprint");
        if (!_keys.TryGetValue((user, Text(claims, "iss")[(subject.Length + 1)..]), out var key))
            throw Invalid("the user or the key is unknown");
        CheckTimes(claims);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key, out _);
        var signed = Encoding.ASCII.GetBytes($"{head}.{body}");
        if (!rsa.VerifyData(signed, Decode(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            throw Invalid("the signature is wrong");
        return user;
    }

    private void CheckTimes(JsonDocument claims)
    {
        var (issued, expires, now) = (Time(claims, "iat"), Time(claims, "exp"), clock.GetUtcNow());
        if (expires - issued > LongestLife || expires <= issued)
            throw Invalid("it lives for more than an hour");
        if (issued > now + Tolerance)
            throw Invalid("it was issued in the future");
        if (expires + Tolerance < now)
            throw Invalid("it has expired");
    }

    private static DateTimeOffset Time(JsonDocument part, string name)
        => part.RootElement.TryGetProperty(name, out var value) && value.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw Invalid($"{name} is not a number of seconds");

    private static string Text(JsonDocument part, string name)
        => part.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()!
            : throw Invalid($"it has no {name}");

    private static JsonDocument Part(string text)
    {
        try
        {
            return JsonDocument.Parse(Decode(text));
        }
        catch (JsonException)
        {
            throw Invalid("a part is not JSON");
        }
    }

    private static byte[] Decode(string text)
    {
        try
        {
            return text.AsSpan().ContainsAny('+', '/', '=') ? throw Invalid("a part is not base64url") : Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw Invalid("a part is not base64url");
        }
    }

    private static byte[] ReadKey(string publicKey)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(publicKey);
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static string Fingerprint(byte[] key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key));

    // Snowflake gives no reason; the stand-in does, so that a failed test says why.
    private static LoginException Invalid(string reason) => new("390144", $"JWT token is invalid. [{Guid.NewGuid()}] (stand-in: {reason})");
}
