namespace PeakS3Feed.Secrets;

/// <summary>Finds the secret that a reference points at.</summary>
public interface ISecretResolver
{
    /// <summary>The secret. Keep it as short as possible and out of messages and logs.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>SecretNotFound</c>, <c>SecretUnreadable</c> or <c>SecretNeedsPowerShell</c>; they name the reference, never the value.
    /// </exception>
    ValueTask<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken);
}
