using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The rules for the account, the login and the session.</summary>
internal static class SnowflakeAccessRules
{
    private const string Logins = "Give Username and PrivateKey for a key pair; or OAuthToken; or AccessToken, a programmatic access token.";

    /// <summary>Finds all problems.</summary>
    public static IEnumerable<DefinitionProblem> Check(SnowflakeDestination definition)
    {
        IEnumerable<DefinitionProblem?> problems =
        [
            SnowflakeAccount.Check(definition.Account),
            SnowflakeAccount.CheckEndpoint(definition.EndpointUrl),
            .. CheckLogin(definition),
            ServerRules.CheckPassword(definition.PrivateKey, nameof(definition.PrivateKey)),
            ServerRules.CheckPassword(definition.PrivateKeyPassphrase, nameof(definition.PrivateKeyPassphrase)),
            ServerRules.CheckPassword(definition.OAuthToken, nameof(definition.OAuthToken)),
            ServerRules.CheckPassword(definition.AccessToken, nameof(definition.AccessToken)),
            SnowflakeIdentifier.Check(definition.Role, nameof(definition.Role), "role"),
            SnowflakeIdentifier.Check(definition.Warehouse, nameof(definition.Warehouse), "warehouse"),
            ServerRules.CheckDatabase(definition.Database, nameof(definition.Database))
                ?? SnowflakeIdentifier.Check(definition.Database, nameof(definition.Database), "database"),
            CheckSchema(definition),
        ];
        return problems.OfType<DefinitionProblem>();
    }

    private static DefinitionProblem? CheckSchema(SnowflakeDestination definition) => string.IsNullOrWhiteSpace(definition.Schema)
        ? new(nameof(definition.Schema), "The schema is blank.", "Leave it out for PUBLIC.")
        : SnowflakeIdentifier.Check(definition.Schema, nameof(definition.Schema), "schema");

    // One problem for each cause: a login that is missing or doubled, or a setting of another login.
    private static IEnumerable<DefinitionProblem?> CheckLogin(SnowflakeDestination definition)
    {
        (string Field, bool IsGiven)[] logins =
        [
            (nameof(definition.PrivateKey), definition.PrivateKey is not null),
            (nameof(definition.OAuthToken), definition.OAuthToken is not null),
            (nameof(definition.AccessToken), definition.AccessToken is not null),
        ];
        var given = logins.Where(l => l.IsGiven).Select(l => l.Field).ToList();
        if (given.Count > 1)
        {
            yield return new(given[1], $"The destination has {given.Count} logins: {string.Join(" and ", given)}.", "Leave out all but one.");
            yield break;
        }
        var token = given is [var only] && only != nameof(definition.PrivateKey) ? only : null;
        if (token is not null)
        {
            if (definition.Username is not null)
                yield return OfKeyPair(nameof(definition.Username), token);
            if (definition.PrivateKeyPassphrase is not null)
                yield return OfKeyPair(nameof(definition.PrivateKeyPassphrase), token);
            yield break;
        }
        if (given.Count == 0)
        {
            yield return definition.Username is null && definition.PrivateKeyPassphrase is null
                ? new(nameof(definition.Username), "The login is missing.", Logins)
                : new(nameof(definition.PrivateKey), "The private key is missing.", SecretErrors.Kinds);
        }
        else if (string.IsNullOrWhiteSpace(definition.Username))
        {
            yield return new(nameof(definition.Username), "The user name is missing.", "A login with a key pair needs the name of the user.");
        }
        yield return CheckUser(definition);
    }

    // The name of a user is often an e-mail address, so dots do not separate names.
    private static DefinitionProblem? CheckUser(SnowflakeDestination definition)
        => definition.Username is { } user && (user.Length > SnowflakeIdentifier.MaxLength || user.Any(char.IsControl))
            ? new(
                nameof(definition.Username), "The name of the user is too long or has control characters.",
                $"Snowflake takes at most {SnowflakeIdentifier.MaxLength} characters.")
            : null;

    private static DefinitionProblem OfKeyPair(string field, string token)
        => new(field, $"{field} is for a login with a key pair, but the destination has {token}.", $"Leave out {field} or {token}.");
}
