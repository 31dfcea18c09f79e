using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>How a destination logs in to Snowflake. Secrets are references; they are resolved when they are used.</summary>
internal abstract record SnowflakeLogin
{
    private SnowflakeLogin(string tokenType, SecretReference secret) => (TokenType, Secret) = (tokenType, secret);

    /// <summary>The kind of token, as the SQL API names it.</summary>
    public string TokenType { get; }

    /// <summary>The reference to the private key or the token.</summary>
    public SecretReference Secret { get; }

    /// <summary>With a key pair: a private key signs the tokens.</summary>
    /// <param name="User">The user that has the public key.</param>
    /// <param name="PrivateKey">The reference to the private key.</param>
    /// <param name="Passphrase">The reference to the key's passphrase, or null.</param>
    public sealed record KeyPair(string User, SecretReference PrivateKey, SecretReference? Passphrase) : SnowflakeLogin("KEYPAIR_JWT", PrivateKey);

    /// <summary>With an OAuth access token.</summary>
    /// <param name="Token">The reference to the token.</param>
    public sealed record OAuth(SecretReference Token) : SnowflakeLogin("OAUTH", Token);

    /// <summary>With a programmatic access token.</summary>
    /// <param name="Token">The reference to the token.</param>
    public sealed record AccessToken(SecretReference Token) : SnowflakeLogin("PROGRAMMATIC_ACCESS_TOKEN", Token);

    /// <summary>Returns the login of a valid definition.</summary>
    /// <exception cref="ArgumentException">The definition has no login.</exception>
    public static SnowflakeLogin From(SnowflakeDestination definition) => definition switch
    {
        { PrivateKey: { } key, Username: { } user } => new KeyPair(
            user, SecretReference.Parse(key), definition.PrivateKeyPassphrase is { } passphrase ? SecretReference.Parse(passphrase) : null),
        { OAuthToken: { } token } => new OAuth(SecretReference.Parse(token)),
        { AccessToken: { } token } => new AccessToken(SecretReference.Parse(token)),
        _ => throw new ArgumentException("A destination requires a private key with a user, an OAuth token or an access token.", nameof(definition)),
    };
}

/// <summary>A token that identifies the user in a request. The text form does not show it.</summary>
/// <param name="Type">The kind of token, as the SQL API names it.</param>
/// <param name="Value">The token.</param>
internal sealed record BearerToken(string Type, string Value)
{
    /// <summary>The public key of the pair that signed the token, in Base64 without line breaks; null for a token that was given as it is.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The fingerprint of <see cref="PublicKey"/>, as Snowflake shows it: <c>SHA256:…</c>; or null.</summary>
    public string? Fingerprint { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Fingerprint is null ? Type : $"{Type}, key {Fingerprint}";
}
