using Amazon.Runtime;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Aws;

/// <summary>Credentials that the SDK finds and renews: environment, profiles, SSO, container and machine roles.</summary>
internal sealed class SdkCredentials(Func<AWSCredentials> find, Func<Exception, FeedException> missing) : ICredentialSource
{
    private AWSCredentials? _found;

    public async ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The search may wait for the machine's metadata service, which answers nobody outside the cloud.
            _found ??= await Task.Run(find, cancellationToken).WaitAsync(cancellationToken);
            return await _found.GetCredentialsAsync().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw missing(e);
        }
    }

    public void Forget(ImmutableCredentials credentials) => (_found as RefreshingAWSCredentials)?.ClearCredentials();
}
