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
    /// <summary>Registers them with this copy of the SDK. Idempotent.</summary>
    public static void Register()
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;

        // These clients do not sign: the calls made through them (web identity, SSO) carry their proof in the request.
        // Roles assumed with credentials never come this way, RoleSession makes its own client for them.
        registry.RegisterSecurityTokenServiceClient(c => new AmazonSecurityTokenServiceClient(
            new AnonymousAWSCredentials(), new AmazonSecurityTokenServiceConfig { RegionEndpoint = c.SecurityTokenServiceClientContextData.Region }));
        registry.RegisterSSOClient(c => new AmazonSSOClient(
            new AnonymousAWSCredentials(), new AmazonSSOConfig { RegionEndpoint = c.SSOClientContextData.Region }));
        registry.RegisterSSOOIDCClient(c => new AmazonSSOOIDCClient(
            new AnonymousAWSCredentials(), new AmazonSSOOIDCConfig { RegionEndpoint = c.SSOOIDCClientContextData.Region }));
    }
}
