using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// The token of a destination. The secret is resolved when a token is first used, once an hour, and after Snowflake refused the token, so that a key
/// or a token that was replaced works without a restart. Safe for concurrent use.
/// </summary>
internal sealed class SnowflakeTokens : IDisposable
{
    /// <summary>How long a signed token is valid. Snowflake allows an hour; the rest is for clocks that differ.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(55);

    private readonly SnowflakeLogin _login;
    private readonly SnowflakeAccount _account;
    private readonly ISecretResolver _secrets;
    private readonly SnowflakeLoginErrors _errors;
    private readonly TimeProvider _time;
    private readonly RenewedValue<BearerToken> _token;

    /// <summary>Creates the object. Resolves no secret yet.</summary>
    /// <param name="login">How the destination logs in.</param>
    /// <param name="account">The account.</param>
    /// <param name="secrets">Resolves the references.</param>
    /// <param name="errors">Creates the errors.</param>
    /// <param name="time">The clock of tokens.</param>
    /// <param name="logger">Logs renewals that fail.</param>
    public SnowflakeTokens(
        SnowflakeLogin login, SnowflakeAccount account, ISecretResolver secrets, SnowflakeLoginErrors errors, TimeProvider time, ILogger logger)
    {
        (_login, _account, _secrets, _errors, _time) = (login, account, secrets, errors, time);
        _token = new(RequestAsync, time, (e, expires) => logger.LogWarning(
            "The login to Snowflake could not be renewed ({Reason}); the earlier one is used until {Expires:u}", e.Message, expires));
    }

    /// <summary>Returns a token that is valid now.</summary>
    /// <exception cref="PeakS3Feed.Errors.FeedException">
    /// The secret cannot be resolved, or is not a key or token, and no earlier token is valid.
    /// </exception>
    public ValueTask<BearerToken> GetAsync(CancellationToken cancellationToken) => _token.GetAsync(cancellationToken);

    /// <summary>Drops a token that Snowflake refused. The next request gets another one, from the secret as it is then.</summary>
    public void Forget(BearerToken token) => _token.Forget(token);

    /// <inheritdoc/>
    public void Dispose() => _token.Dispose();

    private async Task<GrantedValue<BearerToken>> RequestAsync(CancellationToken cancellationToken)
    {
        var secret = await _secrets.ResolveAsync(_login.Secret, cancellationToken);
        var token = _login is SnowflakeLogin.KeyPair pair ? await SignAsync(pair, secret, cancellationToken) : Check(secret.Trim());
        return GrantedValue<BearerToken>.Create(token, _time.GetUtcNow(), Lifetime, null);
    }

    private async Task<BearerToken> SignAsync(SnowflakeLogin.KeyPair pair, string pem, CancellationToken cancellationToken)
    {
        var passphrase = pair.Passphrase is { } reference ? await _secrets.ResolveAsync(reference, cancellationToken) : null;
        try
        {
            using var key = SnowflakeKey.Read(pem, passphrase);
            return new(pair.TokenType, key.CreateToken(_account.Name, pair.User, _time.GetUtcNow(), Lifetime))
            {
                PublicKey = key.PublicKey, Fingerprint = key.Fingerprint,
            };
        }
        catch (PrivateKeyException e)
        {
            throw _errors.KeyUnusable(pair, e);
        }
    }

    // A header has no line breaks and no characters beyond ASCII.
    private BearerToken Check(string token)
        => token.Length > 0 && token.All(c => c is > ' ' and <= '~') ? new(_login.TokenType, token) : throw _errors.TokenUnusable(_login);
}
