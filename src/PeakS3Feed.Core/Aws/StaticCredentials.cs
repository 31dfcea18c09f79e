using Amazon.Runtime;

namespace PeakS3Feed.Aws;

/// <summary>Credentials that do not change: an access key handed over, or none at all.</summary>
internal sealed class StaticCredentials(ImmutableCredentials? credentials) : ICredentialSource
{
    public ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credentials);

    public void Forget(ImmutableCredentials credentials)
    {
        // There are no others.
    }
}
