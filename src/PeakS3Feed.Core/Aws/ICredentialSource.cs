using Amazon.Runtime;

namespace PeakS3Feed.Aws;

/// <summary>Gives one consistent set of key, secret and token at a time.</summary>
internal interface ICredentialSource
{
    /// <summary>The credentials to use now; null for none (anonymous).</summary>
    ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken);

    /// <summary>These were not accepted any more: get others next time.</summary>
    void Forget(ImmutableCredentials credentials);
}
