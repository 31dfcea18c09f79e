using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Aws;

/// <summary>Finds the base credentials, before any role of a connection: an access key, a profile, or the SDK's default chain.</summary>
/// <param name="profileName">The name of the profile, or null for the default chain.</param>
/// <param name="config">Creates the configuration of a client, with the region that the default chain uses.</param>
/// <param name="errors">Creates the errors.</param>
/// <param name="assume">Creates the session of a role that a profile names.</param>
internal sealed class BaseCredentials(
    string? profileName, Func<IClientConfig> config, ICredentialErrors errors, Func<RoleRequest, ICredentialSource, ICredentialSource> assume)
{
    private const int MaxProfileChain = 5;
    private const string Default = "default";

    /// <summary>Returns the source of the credentials. Makes no request before the credentials are first used.</summary>
    public ICredentialSource Find(AccessKey? accessKey)
    {
        if (accessKey is not null)
            return new StaticCredentials(new ImmutableCredentials(accessKey.Id, accessKey.Secret, accessKey.SessionToken));
        if (profileName is { } name)
            return FromProfile(name, MaxProfileChain);
        return DefaultProfile() is { } profile ? FromProfile(profile, MaxProfileChain) : new SdkCredentials(
            () => DefaultAWSCredentialsIdentityResolver.GetCredentials(config()), errors.CredentialsMissing);
    }

    /// <summary>Describes the source, for messages.</summary>
    public static string Describe(S3Connection connection, AccessKey? accessKey) => (connection, accessKey) switch
    {
        ({ Anonymous: true }, _) => "no credentials: the connection is anonymous",
        (_, { } key) => key.ToString(),
        ({ ProfileName: { } name }, _) => $"profile {name}",
        _ => "the SDK's default chain",
    };

    private ICredentialSource FromProfile(string name, int depth)
    {
        var chain = new CredentialProfileStoreChain();
        if (!chain.TryGetProfile(name, out var profile))
            throw errors.ProfileNotFound(name, AwsProfiles.FindNames());
        if (IsRoleOfProfile(profile))
        {
            if (depth == 0)
                throw errors.ProfileUnusable(name, "its source profiles form a circle.");
            return FromRoleProfile(profile, depth);
        }
        return new SdkCredentials(() => profile.GetAWSCredentials(chain), e => IsSso(profile)
            ? errors.NotSignedIn(name, e)
            : errors.ProfileUnusable(name, e.Message, e));
    }

    private ICredentialSource FromRoleProfile(CredentialProfile profile, int depth)
    {
        var options = profile.Options;
        if (options.MfaSerial is not null)
            throw errors.ProfileUnusable(profile.Name, "it requires a code of an MFA device (mfa_serial).");
        var session = options.RoleSessionName ?? "peaks3feed";
        return assume(new RoleRequest(options.RoleArn, options.ExternalID, session, TimeSpan.FromHours(1)),
            FromProfile(options.SourceProfile, depth - 1));
    }

    /// <summary>
    /// Returns the profile of the default chain if it is read here instead: one that AWS_PROFILE names, because the chain silently skips it if it is
    /// missing or unusable; and one with a role or SSO, for which the chain may need services that it cannot load (see <see
    /// cref="SdkDependencies"/>).
    /// </summary>
    private static string? DefaultProfile()
    {
        if (IsSet("AWS_ACCESS_KEY_ID") || IsSet("AWS_WEB_IDENTITY_TOKEN_FILE"))
            return null;
        if (Environment.GetEnvironmentVariable("AWS_PROFILE") is { Length: > 0 } chosen)
            return chosen;
        return new CredentialProfileStoreChain().TryGetProfile(Default, out var profile) && (IsRoleOfProfile(profile) || IsSso(profile))
            ? Default
            : null;
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    private static bool IsSso(CredentialProfile profile) => profile.Options is { SsoAccountId.Length: > 0 };

    private static bool IsRoleOfProfile(CredentialProfile profile)
        => profile.Options is { RoleArn.Length: > 0, SourceProfile.Length: > 0, WebIdentityTokenFile: null or "" };
}
