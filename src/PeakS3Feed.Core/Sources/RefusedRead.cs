using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Sources;

/// <summary>
/// Finds the cause of a refused read. S3 answers "denied" for an object that no longer exists, for one that a policy or its encryption denies, and
/// for all objects after a role was revoked. Only in the second case can a run continue without the object.
/// </summary>
internal sealed class RefusedRead(
    S3Connection connection,
    Func<string, CancellationToken, Task<SourceObject?>> find,
    Func<SourceObject, CancellationToken, Task<bool>> canRead,
    Func<SourceObject, CancellationToken, IAsyncEnumerable<SourceObject>> others)
{
    /// <summary>The number of other objects to try before all are considered denied.</summary>
    public const int MaxTried = 5;

    /// <summary>Returns whether a failure may be a refused read.</summary>
    public static bool Matches(ServiceFailure failure)
        => failure is { Kind: FailureKind.Refused, IsThrottle: false, IsAboutIdentity: false, Code: not "NoSuchBucket" }
        && (failure.IsDenial || failure.Status == 404 || failure.IsAboutKms || failure.RequiresKey);

    /// <summary>Returns the error of this object or of the run. Throws the listing's error if the listing is refused, too.</summary>
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
        await foreach (var other in candidates.Take(MaxTried).WithCancellation(cancellationToken))
        {
            if (await canRead(other, cancellationToken))
                return true;
        }
        return false;
    }
}
