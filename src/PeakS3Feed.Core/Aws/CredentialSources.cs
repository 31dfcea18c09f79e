using Amazon.Runtime;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Aws;

/// <summary>Returns key, secret and token as one consistent set.</summary>
internal interface ICredentialSource
{
    /// <summary>Returns the current credentials; null for none (anonymous).</summary>
    ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Drops credentials that the service no longer accepts, so that the next call returns others.</summary>
    void Forget(ImmutableCredentials credentials);
}

/// <summary>Fixed credentials: an access key, or none.</summary>
internal sealed class StaticCredentials(ImmutableCredentials? credentials) : ICredentialSource
{
    public ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credentials);

    public void Forget(ImmutableCredentials credentials)
    {
        // Fixed credentials cannot be replaced.
    }
}

/// <summary>Credentials that the SDK finds and renews: environment, profiles, SSO, container and machine roles.</summary>
internal sealed class SdkCredentials(Func<AWSCredentials> find, Func<Exception, FeedException> missing) : ICredentialSource
{
    private AWSCredentials? _found;

    public async ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The search may wait for the machine's metadata service, which does not answer outside AWS.
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
