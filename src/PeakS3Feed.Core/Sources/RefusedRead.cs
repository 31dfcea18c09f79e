using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Sources;

/// <summary>
/// Finds the cause of a refused read. S3 answers "denied" for an object that is gone, for one that a policy or its encryption denies, and for all
/// objects once a role is revoked. Only in the second case can a run go on without the object.
/// </summary>
internal sealed class RefusedRead(
    S3Connection connection,
    Func<string, CancellationToken, Task<SourceObject?>> find,
    Func<SourceObject, CancellationToken, Task<bool>> canRead,
    Func<SourceObject, CancellationToken, IAsyncEnumerable<SourceObject>> others)
{
    /// <summary>The number of other objects to try before concluding that none can be read.</summary>
    public const int Tried = 5;

    /// <summary>Whether a failure may be such a refusal.</summary>
    public static bool Is(ServiceFailure failure)
        => failure is { Kind: FailureKind.Refused, IsThrottle: false, IsAboutIdentity: false, Code: not "NoSuchBucket" }
        && (failure.IsDenial || failure.Status == 404 || failure.IsAboutKms || failure.WantsKey);

    /// <summary>The error for this object or for the run. Throws the listing's error where the listing is refused, too.</summary>
    public async Task<FeedException> ExplainAsync(SourceObject source, ServiceFailure failure, Exception e, CancellationToken cancellationToken)
    {
        if (await find(source.Key, cancellationToken) is not { } now)
            return SourceErrors.Vanished(source, failure);
        if (!string.Equals(now.ETag, source.ETag, StringComparison.Ordinal))
            return SourceErrors.Changed(source, failure);
        return await CanReadAnotherAsync(source, cancellationToken)
            ? SourceErrors.Denied(source, connection, failure, e)
            : SourceErrors.AllDenied(source, connection, failure, e);
    }

    private async Task<bool> CanReadAnotherAsync(SourceObject source, CancellationToken cancellationToken)
    {
        var candidates = others(source, cancellationToken).Where(o => !o.Archived && !string.Equals(o.Key, source.Key, StringComparison.Ordinal));
        await foreach (var other in candidates.Take(Tried).WithCancellation(cancellationToken))
        {
            if (await canRead(other, cancellationToken))
                return true;
        }
        return false;
    }
}
