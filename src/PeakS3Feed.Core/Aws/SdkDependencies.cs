using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SSO;
using Amazon.SSOOIDC;
using Amazon.SecurityToken;

namespace PeakS3Feed.Aws;

/// <summary>
/// Registers the SDK's service clients for role and SSO profiles. Otherwise the SDK searches for them by assembly name in every load context of the
/// process, and may find those of another module, which are incompatible.
/// </summary>
internal static class SdkDependencies
{
    /// <summary>Registers the clients with this copy of the SDK. Idempotent.</summary>
    public static void Register()
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;

        // These clients do not sign: their requests (web identity, SSO) contain a token. RoleSession creates its own client for roles that are
        // assumed with credentials.
        registry.RegisterSecurityTokenServiceClient(c => new AmazonSecurityTokenServiceClient(
            new AnonymousAWSCredentials(), new AmazonSecurityTokenServiceConfig { RegionEndpoint = c.SecurityTokenServiceClientContextData.Region }));
        registry.RegisterSSOClient(c => new AmazonSSOClient(
            new AnonymousAWSCredentials(), new AmazonSSOConfig { RegionEndpoint = c.SSOClientContextData.Region }));
        registry.RegisterSSOOIDCClient(c => new AmazonSSOOIDCClient(
            new AnonymousAWSCredentials(), new AmazonSSOOIDCConfig { RegionEndpoint = c.SSOOIDCClientContextData.Region }));
    }
}
