using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SSO;
using Amazon.SSOOIDC;
using Amazon.SecurityToken;

namespace PeakS3Feed.Aws;

/// <summary>
/// Tells the SDK which of its service clients to use for role and SSO profiles. Left alone it looks for them by
/// assembly name in every load context of the process, and may find another module's, which do not fit.
/// </summary>
internal static class SdkDependencies
{
    /// <summary>Registers them with this copy of the SDK; doing so again changes nothing.</summary>
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
