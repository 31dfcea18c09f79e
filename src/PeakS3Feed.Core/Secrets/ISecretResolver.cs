namespace PeakS3Feed.Secrets;

/// <summary>Resolves references to secrets.</summary>
public interface ISecretResolver
{
    /// <summary>Returns the secret. Keep it in memory as briefly as possible, and out of messages and logs.</summary>
    /// <exception cref="Errors.FeedException"><c>SecretNotFound</c>, <c>SecretUnreadable</c> or <c>SecretNeedsPowerShell</c>. The messages contain
    /// the reference, never the value.</exception>
    ValueTask<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken);
}
