using System.Globalization;
using System.Text.RegularExpressions;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The errors about the login to Snowflake. They never contain a key, a passphrase or a token; a public key is not a secret.</summary>
/// <param name="definition">The destination.</param>
/// <param name="account">Its account.</param>
/// <param name="location">The destination, for messages.</param>
internal sealed partial class SnowflakeLoginErrors(SnowflakeDestination definition, SnowflakeAccount account, string location)
{
    /// <summary>Snowflake's tolerance for the time at which a token was issued.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(60);

    private static readonly string[] ClockCodes = ["394301", "394302", "394303"];

    private string User => definition.Username ?? "";

    /// <summary>The secret is not a private key that Snowflake accepts.</summary>
    public FeedException KeyUnusable(SnowflakeLogin.KeyPair pair, PrivateKeyException e)
    {
        const string Convert = "Convert it with: openssl pkcs8 -topk8 -in rsa_key.pem -out rsa_key.p8";
        const string Create = "Create one with: openssl genrsa 2048 | openssl pkcs8 -topk8 -out rsa_key.p8";
        var (what, hint) = e.Problem switch
        {
            PrivateKeyProblem.NotPem => (
                "it has no private key in PEM", "It must begin with -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----. " + Create),
            PrivateKeyProblem.PublicKey => ("it is the public key", "The private key is in the other file of the pair, for example rsa_key.p8."),
            PrivateKeyProblem.Certificate => ("it is a certificate", "The login requires the private key: a file such as rsa_key.p8."),
            PrivateKeyProblem.PassphraseMissing => (
                "it is encrypted, and the destination has no passphrase", "Set PrivateKeyPassphrase to a reference to the passphrase."),
            PrivateKeyProblem.PassphraseWrong => (
                "the passphrase does not decrypt it",
                $"Check the passphrase ({pair.Passphrase}) with: openssl pkey -in rsa_key.p8 -noout. One line break at its end is ignored, "
                    + "further ones are not."),
            PrivateKeyProblem.EncryptedInOldForm => ("it is encrypted in the old form of OpenSSL, not in PKCS#8", Convert),
            PrivateKeyProblem.NotRsa => ("it is not a key of RSA in PKCS#8", "Snowflake requires RSA with 2,048 bits or more. " + Create),
            PrivateKeyProblem.TooShort => (
                string.Create(CultureInfo.InvariantCulture, $"it has {e.Bits:N0} bits, and Snowflake requires {SnowflakeKey.MinBits:N0} or more"),
                Create),
            _ => ("it is damaged or cut off", "Copy the whole file, from the line BEGIN to the line END. Line breaks may be written as \\n."),
        };
        return new("PrivateKeyUnusable", FeedErrorCategory.AuthenticationError, $"The private key {pair.PrivateKey} cannot be used: {what}.", e)
        {
            Target = definition.Name, Hint = hint,
        };
    }

    /// <summary>The secret cannot be a token.</summary>
    public FeedException TokenUnusable(SnowflakeLogin login) => new(
        "AccessTokenUnusable", FeedErrorCategory.AuthenticationError,
        $"The token {login.Secret} cannot be used: it is empty, or has characters that a token cannot have.")
    {
        Target = definition.Name, Hint = "The secret must contain only the token, in one line.",
    };

    /// <summary>Snowflake refused the login, also with a token from the secret as it is now.</summary>
    /// <param name="refusal">The answer.</param>
    /// <param name="token">The token.</param>
    /// <param name="now">This machine's time.</param>
    public FeedException Refused(SqlApiException refusal, BearerToken token, DateTimeOffset now)
    {
        if (!refusal.IsOfService && refusal.Status == 403)
            return SnowflakeServiceErrors.Failed(location, refusal);
        var hint = NetworkPolicyPattern().IsMatch(refusal.Message)
            ? "A network policy of the account or of the user does not allow this machine's address, or the user has none, which a programmatic "
                + "access token requires. An administrator changes it with ALTER NETWORK POLICY."
            : RolePattern().IsMatch(refusal.Message) ? RoleHint
            : token.PublicKey is null ? TokenHint(refusal) : KeyHint(refusal, token, now);
        return new(
            "DestinationLoginRefused", FeedErrorCategory.AuthenticationError,
            $"{location} refused the login{(token.Fingerprint is { } key ? $" of user {User} with the key {key}" : "")}: {refusal.Message}", refusal)
        {
            Target = location, ServiceCode = refusal.Code, RequestId = refusal.Handle, Hint = hint + Details(refusal),
        };
    }

    private string RoleHint => definition.Role is { } role
        ? $"Grant the role to the user: GRANT ROLE {SnowflakeIdentifier.Quote(role)} TO USER …; or change the destination's Role."
        : "Give the user a default role, or set the destination's Role.";

    private string TokenHint(SqlApiException refusal) => definition.OAuthToken is { } reference
        ? (refusal.Code == "390318" ? "The token has expired. " : "The token has expired, or is of another account. ")
            + $"Store a new one in {reference}: it is used from the next request on, without a restart."
        : $"The token in {definition.AccessToken} has expired, was removed, or is of another account. ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN "
            + "creates another one; it is used from the next request on, without a restart.";

    private string KeyHint(SqlApiException refusal, BearerToken token, DateTimeOffset now)
    {
        var user = SqlIdentifier.Quote(User.ToUpperInvariant());
        var register = $"Compare RSA_PUBLIC_KEY_FP and RSA_PUBLIC_KEY_2_FP of DESC USER {user}; with the key above. If the user has neither key: "
            + $"ALTER USER {user} SET RSA_PUBLIC_KEY='{token.PublicKey}'; If other programs use the user's RSA_PUBLIC_KEY, this statement would "
            + "lock them out: then set RSA_PUBLIC_KEY_2 in its place.";
        var skew = refusal.ServerTime is { } server ? now - server : TimeSpan.Zero;
        if (skew.Duration() > ClockTolerance)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"This machine's clock is {skew.Duration().TotalSeconds:N0} seconds {(skew > TimeSpan.Zero ? "fast" : "slow")}: set it. ")
                + (ClockCodes.Contains(refusal.Code) ? "" : "If that does not help: " + register);
        }
        return refusal.Code switch
        {
            "394300" => $"The account {account.Name} has no user {User.ToUpperInvariant()}: check Username and Account.",
            "394304" or "394306" => register,
            "394307" => $"The token is for the account {account.Name}, and the host is {account.Host}: check Account. If the account's name has an "
                + "underscore, write it with the underscore.",
            _ when ClockCodes.Contains(refusal.Code) => "Set this machine's clock: the token's time is not what Snowflake expects.",
            _ => $"{register} Check Username and Account, too: the token is for {account.Name}.{User.ToUpperInvariant()}. If the account's name "
                + "has an underscore, write it with the underscore.",
        };
    }

    // Snowflake gives an id with an error, by which an administrator finds its cause.
    private static string Details(SqlApiException refusal) => DetailsPattern().Match(refusal.Message) is { Success: true } id
        ? $" An administrator sees the cause with: SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('{id.Groups["id"].Value}');"
        : "";

    [GeneratedRegex(@"\[(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\]", Options, 1000)]
    private static partial Regex DetailsPattern();

    [GeneratedRegex("network policy|not allowed to access Snowflake", Options, 1000)]
    private static partial Regex NetworkPolicyPattern();

    [GeneratedRegex(@"\brole\b", Options, 1000)]
    private static partial Regex RolePattern();

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
}
